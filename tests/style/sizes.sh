# Checks sizes: files of at most 500 lines, functions of at most 80, control flow 3 deep.
# shellcheck source=tests/style/lib.sh
. "$(dirname "$0")/lib.sh"

file_lines=500
function_lines=80
nesting=3

files_ending .c .h .sh .awk .sql .cmake CMakeLists.txt dev .ci/run |
    xargs -r awk -v limit="$file_lines" '
        FNR == limit + 1 { print FILENAME ": file_size: more than " limit " lines" }' |
    breach_lines

c_records | awk -F '\t' -v lines="$function_lines" -v nesting="$nesting" '
    $1 != "function" { next }
    $4 - $3 + 1 > lines {
        print $2 ":" $3 ": function_size: " $7 " has " $4 - $3 + 1 " lines, at most " lines
    }
    $5 > nesting {
        print $2 ":" $3 ": nesting: " $7 " nests " $5 " deep, at most " nesting
    }' | breach_lines

finish
