# How-to pages do what they say, as they are written: each in a scene of its own, with a prompt of which
# three versions were released, and a tool that the last of them uses.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_pages.sh
. "$flow_folder/lib_pages.sh"

mkdir -p "$HOME/.ssh" scene
make_key "$HOME/.ssh/id_ed25519"
cd scene
make_environments
greenroom approver add writer@example.com "$HOME/.ssh/id_ed25519.pub" --env production >/dev/null
write_tool tool crm/find-contact
run publish tool
write_prompt greeting outbound/greeting 'Hello.'
run publish greeting
echo 'Hello, and good day.' >greeting/sections/opening.md
run publish greeting
sed -i 's|"sections":|"uses": [ "tool/crm/find-contact" ],\n  "sections":|' greeting/artifact.json
run publish greeting
run promote tool/crm/find-contact@1 prompt/outbound/greeting@1
run promote prompt/outbound/greeting@2
cd ..

# page NAME COMMANDS SHOWN: in a scene of its own; so many blocks at the least are run and compared.
page() {
    cp -r scene "$1-scene"
    cd "$1-scene"
    cut_page "$pages/docs/how-to/$1.md" "$1-blocks"
    before "$1"
    follow "$1" "$2" "$3"
    [ -z "$server_pid" ] || stop_server
    run greenroom verify --env production
    cd ..
}

# What a page takes for granted.
before() {
    case "$1" in
        hold | carry-a-seal) ;;
        runtime-keys) start_server production ;;
        *) run promote prompt/outbound/greeting@3 ;;
    esac
}

page hold 3 0
page roll-back 2 0
page quarantine 4 1
page carry-a-seal 2 0
page runtime-keys 4 1
