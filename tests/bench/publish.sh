#!/usr/bin/env bash
# One more publish of a 2 KiB prompt, fsynced, at 100, 10,000 and 100,000 artifacts; against
# `git add PATH && git commit` with core.fsync=all in a repository with the same files.
# BENCH_SIZES and BENCH_ROUNDS make it shorter; the sandboxes it fills are kept in the folder
# BENCH_FILLED, where that is set, and used again: 100,000 artifacts take minutes to make.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sizes=${BENCH_SIZES:-100 10000 100000}
rounds=${BENCH_ROUNDS:-15}
filled=${BENCH_FILLED:-}

# So many tools in namespaces of a hundred: one list of a hundred tools per publish.
fill_sandbox() {
    local have=$1 want=$2 space
    for ((space = have / 100; space < want / 100; space++)); do
        awk -v space="$space" 'BEGIN {
            printf "["
            for (i = 0; i < 100; i++)
                printf "%s{\"name\":\"tool-%d\",\"description\":\"Tool %d of space %d\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"call_id\":{\"type\":\"string\"}}}}", \
                    i ? "," : "", i, i, space
            printf "]\n"
        }' >"$scratch/list.json"
        "$greenroom" --env "$scratch/sandbox" publish "$scratch/list.json" --as "tool/space-$space" \
            --actor "$author" >/dev/null
    done
}

# The authors' files of all drafts, each artifact in the folder of its name, as one would keep them
# in git without Greenroom.
fill_git() {
    local repo=$scratch/git-$1
    git init -q "$repo"
    git -C "$repo" fetch -q "$scratch/sandbox/store.git" drafts
    git -C "$repo" ls-tree -r FETCH_HEAD | sed -n 's,/content/,/,p' |
        git -C "$repo" update-index --index-info
    git -C "$repo" commit -q -m fill
    git -C "$repo" reset -q --hard
    git -C "$repo" config core.fsync all
}

# The sandbox and the repository with so many artifacts, in $scratch: made, or copied from those kept.
# `have` is how many the sandbox holds already.
fill() {
    local have=$1 want=$2
    if [ -n "$filled" ] && [ -d "$filled/$want/sandbox" ]; then
        rm -rf "$scratch/sandbox"
        cp -a "$filled/$want/sandbox" "$scratch"
    else
        fill_sandbox "$have" "$want"
        [ -z "$filled" ] || { mkdir -p "$filled/$want" && cp -a "$scratch/sandbox" "$filled/$want"; }
    fi
    fill_git "$want"
}

add_and_commit() {
    git -C "$1" add "$2" && git -C "$1" commit -q -m one
}

measure() {
    local size=$1 repo=$scratch/git-$1 i name
    : >"$scratch/ours" && : >"$scratch/theirs"
    for ((i = 0; i < rounds; i++)); do
        name=prompt/space-$((i % 7))/round-$size-$i
        text_file "$scratch/prompt.md" 2048 "$size$i"
        timed "$scratch/ours" "$greenroom" --env "$scratch/sandbox" publish "$scratch/prompt.md" \
            --as "$name" --actor "$author"
        mkdir -p "$repo/$(dirname "$name")"
        "$greenroom" --env "$scratch/sandbox" export "$name" "$repo/$name" >/dev/null
        timed "$scratch/theirs" add_and_commit "$repo" "$name"
    done
}

new_sandbox "$scratch/sandbox"
header 'One more publish (2 KiB prompt, fsynced, the whole process)' 'git add && git commit'
have=0
first=
for size in $sizes; do
    fill "$have" "$size"
    have=$size
    measure "$size"
    ours=$(cut -d ' ' -f 1 "$scratch/ours" | median)
    first=${first:-$ours}
    row "at $size artifacts ($(cut -d ' ' -f 1 "$scratch/ours" | spread) us)" "$scratch/ours" \
        "$scratch/theirs" "$([ "$size" = 100000 ] && echo '0.020 or less' || echo '-')"
    last=$ours
done
printf '\nthe last to the first: %s (wanted: 1.5 or less)\n' "$(ratio "$last" "$first")"
