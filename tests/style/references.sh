# Checks that every relative link in README.md and docs/ points at a file that exists.
# shellcheck source=tests/style/lib.sh
. "$(dirname "$0")/lib.sh"

# FILE LINE TARGET for each link: [text](target), ![text](target) and [name]: target; what stands in
# code is no link.
links() {
    files_ending .md | grep -E '^(README\.md$|docs/)' | xargs -r awk '
        FNR == 1 { fence = "" }
        match($0, /^ *(```+|~~~+)/) {
            mark = substr($0, RSTART, RLENGTH)
            gsub(/ /, "", mark)
            if (fence == "")
                fence = mark
            else if (index(mark, fence) == 1)
                fence = ""
            next
        }
        fence != "" { next }
        {
            line = $0
            gsub(/`[^`]*`/, "", line)
            if (match(line, /^ *\[[^]]+\]:[ \t]*[^ \t]+/)) {
                target = substr(line, RSTART, RLENGTH)
                sub(/^ *\[[^]]+\]:[ \t]*/, "", target)
                print FILENAME "\t" FNR "\t" target
            }
            while (match(line, /\]\([^)]*\)/)) {
                target = substr(line, RSTART + 2, RLENGTH - 3)
                line = substr(line, RSTART + RLENGTH)
                print FILENAME "\t" FNR "\t" target
            }
        }'
}

links | while IFS=$'\t' read -r file line target; do
    target="${target%% *}" # without a title
    target="${target#<}"
    target="${target%>}"
    target="${target%%#*}"
    target="${target%%\?*}"
    case "$target" in
    '' | [a-z]*:*) continue ;; # within the page, or on the web
    /*)
        breach "$file:$line" absolute_link "$target: write it relative to the file"
        continue
        ;;
    esac
    [ -e "$(dirname "$file")/${target//%20/ }" ] ||
        breach "$file:$line" dead_link "$target does not exist"
done

finish
