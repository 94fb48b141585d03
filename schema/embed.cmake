# Writes a C file that holds each input file's bytes; called with -DOUTPUT=FILE -DINPUTS=A;B;C.
# The table it defines is declared in registry/base/embedded.h.
set(arrays "")
set(rows "")
set(index 0)
foreach(input ${INPUTS})
  get_filename_component(name ${input} NAME)
  file(READ ${input} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char file_${index}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", (const char *)file_${index}, sizeof(file_${index}) - 1},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT}
     "#include \"base/embedded.h\"\n\n${arrays}\n"
     "const struct embedded_file embedded_files[] = {\n${rows}    {0, 0, 0},\n};\n")
