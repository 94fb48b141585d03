# Reads C as clang-format leaves it and prints what the style checks ask about, one record a line,
# fields parted by tabs:
#   function  FILE FIRST-LINE LAST-LINE NESTING static|exported NAME
#   variable  FILE LINE static|exported const|mutable NAME file|local
#   call      FILE LINE NAME                    (anything written like a call)
# Not a parser: enough of one for declarations at column 0 and for control flow.

function clean(line,    out, c, at)
{
    out = ""
    while (line != "") {
        if (in_comment) {
            at = index(line, "*/")
            if (!at)
                return out
            line = substr(line, at + 2)
            in_comment = 0
        } else if (!match(line, /["'\/]/)) {
            return out line
        } else {
            out = out substr(line, 1, RSTART - 1)
            line = substr(line, RSTART)
            c = substr(line, 1, 1)
            if (substr(line, 1, 2) == "//")
                return out
            if (substr(line, 1, 2) == "/*") {
                in_comment = 1
                line = substr(line, 3)
            } else if (c == "/") {
                out = out c
                line = substr(line, 2)
            } else {
                out = out c c
                line = after_literal(substr(line, 2), c)
            }
        }
    }
    return out
}

function after_literal(line, quote,    c)
{
    while (match(line, /["'\\]/)) {
        c = substr(line, RSTART, 1)
        if (c == quote)
            return substr(line, RSTART + 1)
        line = substr(line, RSTART + (c == "\\" ? 2 : 1))
    }
    return ""
}

function without_attributes(text,    at, i, open, c)
{
    while ((at = index(text, "__attribute__"))) {
        open = 0
        for (i = at + 13; i <= length(text); i++) {
            c = substr(text, i, 1)
            open += (c == "(") - (c == ")")
            if (c == ")" && open == 0)
                break
        }
        text = substr(text, 1, at - 1) substr(text, i + 1)
    }
    return text
}

# What makes the object itself constant stands behind its last '*', or anywhere if it is no pointer.
function is_const(text)
{
    sub(/ =.*/, "", text)
    if (text ~ /\( \*/)
        return text ~ /\( \* const /
    sub(/ \[.*/, "", text)
    sub(/.*\*/, "", text)
    return text ~ /(^| )const( |$)/
}

function name_of(text)
{
    sub(/ =.*/, "", text)
    if (text ~ /\( \*/) {
        sub(/.*\( \*( const)? /, "", text)
        sub(/ .*/, "", text)
        return text
    }
    sub(/ \[.*/, "", text)
    sub(/.* /, "", text)
    return text
}

function linkage(text)
{
    return text ~ / static / ? "static" : "exported"
}

function end_declaration(text,    before)
{
    text = without_attributes(text)
    before = text
    sub(/ =.*/, "", before)
    if (text == "" || text ~ / typedef / || text ~ /^ (extern|_Static_assert|static_assert) /)
        return
    if (before ~ /^ (struct|union|enum)( [A-Za-z0-9_]+)?( {})?$/) # a type alone
        return
    if (index(before, "(") && before !~ /^[^(]*\( \*/) # a prototype, or a macro
        return
    if (FILENAME ~ /\.h$/ && linkage(text) == "exported") # functions declared by their type
        return
    print "variable\t" FILENAME "\t" first "\t" linkage(text) "\t" \
        (is_const(text) ? "const" : "mutable") "\t" name_of(text) "\tfile"
}

function begin_function(text)
{
    text = without_attributes(text)
    is_function = text ~ /\) *$/ && text !~ / =/ && match(text, /[A-Za-z_][A-Za-z0-9_]* \(/)
    if (!is_function)
        return
    function_name = substr(text, RSTART, RLENGTH - 2)
    function_first = first
    function_linkage = linkage(text)
    nesting = top = parens = pending = awaiting = 0
    local = ""
}

function end_function()
{
    print "function\t" FILENAME "\t" function_first "\t" FNR "\t" nesting "\t" \
        function_linkage "\t" function_name
    is_function = 0
}

# The stack: B a block of a control statement, S such a statement without a block, P other braces.
function push(what)
{
    stack[++top] = what
}

function end_statements()
{
    while (top > 0 && stack[top] == "S")
        top--
}

function begin_control(token,    i, level)
{
    if (pending) {
        if (last == "else" && token == "if") { # one statement, not two
            awaiting = 1
            return
        }
        push("S")
    }
    pending = 1
    awaiting = token != "else" && token != "do"
    control_parens = parens
    level = 1
    for (i = 1; i <= top; i++)
        level += stack[i] != "P"
    if (level > nesting)
        nesting = level
}

function take_in_function(token)
{
    if (token ~ /^(if|for|while|switch|do|else)$/) {
        begin_control(token)
        return
    }
    if (pending && !awaiting) {
        pending = 0
        push(token == "{" ? "B" : "S")
    } else if (token == "{") {
        push("P")
    }
    parens += (token == "(") - (token == ")")
    if (pending && awaiting && token == ")" && parens == control_parens)
        awaiting = 0
    if (token == "}" && stack[top--] == "B")
        end_statements()
    if (token == ";" && parens == 0)
        end_statements()
    take_local(token)
}

function take_local(token)
{
    if (token == "static")
        local = " "
    if (local == "")
        return
    if (token ~ /^[=;{[]$/) {
        sub(/ $/, "", local)
        # The one way to start a foreign library that keeps state for the whole process.
        if (local !~ / pthread_once_t /)
            print "variable\t" FILENAME "\t" FNR "\tstatic\t" \
                (is_const(local) ? "const" : "mutable") "\t" name_of(local) "\tlocal"
        local = ""
    } else {
        local = local token " "
    }
}

function take_outside(token)
{
    if (token == ";" && open == 0) {
        end_declaration(text)
        text = ""
    } else {
        if (text == "")
            first = FNR
        open += (token == "(") - (token == ")")
        text = text " " token
    }
}

function take(token)
{
    if (depth > 0 && is_function)
        take_in_function(token)
    if (token == "{" && depth++ == 0)
        begin_function(text)
    else if (token == "}" && --depth == 0) {
        text = is_function ? "" : text " {}"
        if (is_function)
            end_function()
    } else if (depth == 0)
        take_outside(token)
    if (token == "(" && last ~ /^[A-Za-z_]/)
        print "call\t" FILENAME "\t" FNR "\t" last
    last = token
}

FNR == 1 {
    in_comment = depth = open = is_function = in_directive = 0
    text = last = ""
}

{
    line = clean($0)
    is_directive = in_directive || line ~ /^[ \t]*#/
    in_directive = is_directive && line ~ /\\$/
    while (match(line, /[A-Za-z_][A-Za-z0-9_]*|[0-9][A-Za-z0-9_.]*|[^ \t]/)) {
        token = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        if (!is_directive)
            take(token)
        else {
            if (token == "(" && last ~ /^[A-Za-z_]/)
                print "call\t" FILENAME "\t" FNR "\t" last
            last = token
        }
    }
}
