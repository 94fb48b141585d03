// Shell completion, made from the operation table: the scripts ask the binary itself, so that they
// never fall behind it.
#pragma once

// `greenroom completion bash|zsh|fish` prints the script that a shell sources; `greenroom
// completion candidates WORD...` prints what may stand for the last word, one a line (nothing: a
// file's name). The words are those behind "completion". Returns the exit code.
int completion_run(int count, char **words);
