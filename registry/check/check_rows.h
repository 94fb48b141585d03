// The rows of the table of checks: each stands in the file of its name.
#pragma once

#include "check/check.h"

