# The crash matrix, third part: whatever writes a new environment or a file for somebody. There is a
# whole one or none. Sourced by matrix.sh.
# shellcheck shell=bash disable=SC2154

run greenroom backup today.tar --env production --json
backup_head="$(json audit_head)"
write_knowledge personal personal 2
echo 'Call Jane at 212-555-0147 or write to jane@mail.example.org.' >>personal/docs/more/page-1.md

# --- a new environment ---

new_environment() { # new_environment NAME: made at ./tried/NAME, which is not there yet
    rm -rf prepared
    mkdir prepared
    touched=("$1")
    may_lie="^tried/$1\.new-" # where it was being made
    audit_of_it() {
        [ ! -e "tried/${touched[0]}" ] || audit_rows "tried/${touched[0]}"
    }
    state_of_it() {
        [ ! -e "tried/${touched[0]}" ] || state_of_environments
    }
    expect_open() {
        [ ! -e "tried/${touched[0]}" ] || run greenroom list --env "tried/${touched[0]}"
    }
    expect_whole() {
        [ ! -e "tried/${touched[0]}" ] || expect_whole_environments
    }
}
if want init; then
    new_environment first
    write_it() { greenroom init "$work/tried/first" --class live --policy policy.json; }
    matrix init
fi
if want restore; then
    new_environment again
    write_it() { greenroom restore today.tar "$work/tried/again" --expect-head "$backup_head"; }
    matrix restore
fi

# --- a file ---

# new_file NAME: it is written to ./tried/NAME; whole_file prints what is in it, and fails when that
# is not whole.
new_file() {
    rm -rf prepared
    mkdir prepared
    touched=()
    file="tried/$1"
    fewest_steps=3
    may_lie="^$file\.[0-9a-f]*\.tmp" # what it was being written to
    audit_of_it() { :; }
    state_of_it() {
        if [ ! -e "$file" ]; then
            echo none
        else
            whole_file || echo half
        fi
    }
    expect_open() { :; }
    expect_whole() { :; }
}
if want backup; then
    new_file today.tar
    write_it() { greenroom backup "$work/tried/today.tar" --env production; }
    whole_file() { tar -xOf "$file" store.bundle | sha256sum && tar -tf "$file"; }
    matrix backup
fi
if want seal; then
    new_file two.seal
    write_it() {
        greenroom seal prompt/outbound/greeting@3 tool/crm/note@1 --env sandbox \
            -o "$work/tried/two.seal"
    }
    whole_file() { sha256sum <"$file"; }
    matrix seal
fi
if want evidence; then
    new_file release.tar
    write_it() {
        greenroom evidence prompt/outbound/greeting@2 --env production -o "$work/tried/release.tar"
    }
    whole_file() { tail -n 1 "$file" && wc -l <"$file"; }
    matrix evidence
fi

# --- a folder: of a version with folders in each other ---

export_it() {
    greenroom export knowledge/deep@1 "$work/tried/folder" --env sandbox
}
what_is_in_it() {
    (cd "$file" && find . -mindepth 1 \( -type f -exec sha256sum {} \; -o -print \) | sort)
}
write_knowledge deep deep 2
run publish deep
if want export; then
    new_file folder
    write_it() { export_it; }
    whole_file() { what_is_in_it; }
    matrix export
fi
if want export_into; then # an empty folder that is there: it stays where it is, and fills
    new_file folder
    mkdir prepared/folder
    write_it() { export_it; }
    whole_file() { what_is_in_it; }
    may_show() { [ -z "$acknowledged" ]; }
    repeat_it() {
        [ -z "$is_done" ] || return 0
        find tried/folder -mindepth 1 -delete # as whoever finds half of it has to
        write_it
    }
    matrix export_into
fi

# --- an archive ---

if want mask; then
    new_file masked.tar.gz
    write_it() { greenroom mask personal -o "$work/tried/masked.tar.gz" --replace; }
    whole_file() { tar -xzOf "$file" | sha256sum; }
    matrix mask
fi
