# Prints a JSON text as lines of PATH<TAB>VALUE: {"a":[1,"x"]} is "a.0<TAB>1" and "a.1<TAB>x". A
# string stands without its quotes, its escapes as they are; {} and [] are lines of their own.

function skip()
{
    sub(/^[ \t\r\n]+/, "", text)
}

function take(pattern,    token)
{
    if (!match(text, "^(" pattern ")")) {
        print "not JSON at: " substr(text, 1, 40) > "/dev/stderr"
        failed = 1
        exit 1
    }
    token = substr(text, 1, RLENGTH)
    text = substr(text, RLENGTH + 1)
    skip()
    return token
}

function take_string(    token)
{
    token = take("\"([^\"\\\\]|\\\\.)*\"")
    return substr(token, 2, length(token) - 2)
}

function under(path, name)
{
    return path == "" ? name : path "." name
}

# The members of an object or the items of an array, up to its end.
function take_members(path, is_object,    count, name, closing)
{
    take(is_object ? "[{]" : "[[]")
    closing = is_object ? "}" : "]"
    for (count = 0; substr(text, 1, 1) != closing; count++) {
        if (count > 0)
            take(",")
        name = count
        if (is_object) {
            name = take_string()
            take(":")
        }
        take_value(under(path, name))
    }
    take(is_object ? "[}]" : "[]]")
    if (count == 0)
        print path "\t" (is_object ? "{}" : "[]")
}

function take_value(path,    first)
{
    first = substr(text, 1, 1)
    if (first == "{" || first == "[")
        take_members(path, first == "{")
    else if (first == "\"")
        print path "\t" take_string()
    else
        print path "\t" take("true|false|null|-?[0-9][-+.0-9eE]*")
}

{ text = text $0 "\n" }

END {
    if (failed)
        exit 1
    skip()
    take_value("")
    if (text != "")
        take("end of the text")
}
