# Checks who includes whom: downward only, and third-party headers only in their one folder.
# shellcheck source=tests/style/lib.sh
. "$(dirname "$0")/lib.sh"

# Folders from the lowest up. A file may include its own folder and those of a lower rank, so that
# folders of one rank never see each other.
ranks='base=0 artifact=1 schema=2 store=2 ledger=2 archive=2 trust=2 check=3 release=4 snapshot=5 operation=6
       cli=7 server=7'

# Third-party headers, by what they begin with, and the folder each belongs to (or the two).
owners='git2.h=store git2/=store zlib.h=store sqlite3=ledger archive.h=archive archive_entry.h=archive
        libdeflate.h=archive,store zstd.h=archive
        cjson/=artifact cJSON=artifact pcre2=artifact openssl/=trust curl/=cli seccomp.h=server
        cmocka.h=tests'

# The only user of libssl: it works on sockets, which trust/ knows nothing of.
tls=server/tls.c

# The C library, POSIX and Linux; whatever else is new here needs an owner above.
libc='^(aio|alloca|assert|byteswap|complex|ctype|dirent|dlfcn|elf|endian|err|errno|execinfo|fcntl|fenv'
libc="$libc|float|fnmatch|ftw|getopt|glob|grp|iconv|ifaddrs|inttypes|iso646|langinfo|libgen|limits"
libc="$libc|locale|malloc|math|netdb|poll|pthread|pwd|regex|sched|semaphore|setjmp|signal|spawn"
libc="$libc|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings"
libc="$libc|syslog|termios|threads|time|uchar|ucontext|unistd|utime|wchar|wctype)\\.h\$"
libc="$libc|^(arpa|linux|net|netinet|sys)/"

# FILE LINE FOLDER KIND HEADER for each #include; the folder is the layer that the file belongs to.
includes() {
    files_ending .c .h | xargs -r awk '
        FNR == 1 {
            folder = FILENAME
            if (!sub(/^registry\//, "", folder) && !sub(/^tests\/unit\//, "", folder))
                sub(/^tests\/.*/, "tests/", folder)
            sub(/\/.*/, "", folder)
        }
        match($0, /^[ \t]*#[ \t]*include[ \t]*/) {
            header = substr($0, RLENGTH + 1)
            kind = substr(header, 1, 1) == "<" ? "system" : substr(header, 1, 1) == "\"" ? "own" : "odd"
            header = substr(header, 2)
            sub(/[>"].*/, "", header)
            print FILENAME, FNR, folder, kind, header
        }'
}

includes | awk -v ranks="$ranks" -v owners="$owners" -v libc="$libc" -v tls="$tls" '
    function tell(rule, words) { print $1 ":" $2 ": " rule ": " words }
    function owner_of(header,    prefix) {
        for (prefix in owner)
            if (index(header, prefix) == 1)
                return owner[prefix]
        return ""
    }
    function check_system(    home) {
        home = owner_of($5)
        if (home == "" && $5 !~ libc)
            tell("unknown_header", "<" $5 "> belongs to no folder; see tests/style/layers.sh")
        else if ($5 == "openssl/ssl.h" && $1 != tls)
            tell("foreign_header", "<" $5 "> stays inside " tls)
        else if ($1 == tls && home == "trust")
            return # libssl speaks in the types of libcrypto
        else if (home == "tests" ? $1 !~ /^tests\// : home != "" && index("," home ",", "," $3 ",") == 0)
            tell("foreign_header", "<" $5 "> stays inside " home)
    }
    function check_own(    target) {
        target = $5
        if (target ~ /(^|\/)\.\.\//) {
            tell("path", "\"" target "\" climbs out of its folder")
            return
        }
        if (target !~ /\// || ($1 ~ /^tests\// && target ~ /^(unit|fuzz|fault|bench|suite)\//))
            return # beside the file, or among the tests
        sub(/\/.*/, "", target)
        if (!(target in rank))
            tell("unknown_folder", "\"" $5 "\" is in no folder of the project")
        else if ($3 == "tests" || target == $3)
            return
        else if (!($3 in rank))
            tell("unknown_folder", $3 " has no place among the layers; see tests/style/layers.sh")
        else if (rank[target] == rank[$3] && $1 ~ /^tests\//)
            return # a test may bring what its subject is given by those above
        else if (rank[target] >= rank[$3])
            tell("upward", $3 " must not know " target " (\"" $5 "\")")
    }
    BEGIN {
        count = split(ranks, pairs, /[ \n]+/)
        for (i = 1; i <= count; i++) { split(pairs[i], pair, "="); rank[pair[1]] = pair[2] }
        count = split(owners, pairs, /[ \n]+/)
        for (i = 1; i <= count; i++) { split(pairs[i], pair, "="); owner[pair[1]] = pair[2] }
    }
    $4 == "system" { check_system() }
    $4 == "own" { check_own() }
    $4 == "odd" { tell("odd_include", "write the name of the header") }' | breach_lines

# A name without a folder is a file beside the one that includes it or, for the tests of server/
# and cli/, which are reached by no other name, one of theirs; what is fuzzed of them is server/'s.
includes | while read -r file line folder kind header; do
    case "$kind$header" in
    own*/*) ;;
    own*)
        [ -f "$(dirname "$file")/$header" ] ||
            { [[ "$file" == tests/unit/* ]] && [ -f "$folder/$header" ]; } ||
            { [[ "$file" == tests/fuzz/* ]] && [ -f "server/$header" ]; } ||
            breach "$file:$line" beside "\"$header\" is not beside the file"
        ;;
    esac
done

finish
