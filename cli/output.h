// What an operation brought back, printed: for people, or as JSON.
#pragma once

#include "arguments.h"

// Prints the result to standard output, and writes out content that came back (export, cat).
enum status output_result(struct arguments *arguments, struct error *err);

// Prints what went wrong: findings and error to standard error, or with --json to standard output.
void output_error(struct arguments *arguments, const struct error *err);
