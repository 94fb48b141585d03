# Completion in zsh and fish themselves, where they are installed: commands, options, artifacts and, where
# there is nothing to offer, files.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_prompt greeting outbound/greeting 'Hello.'
run publish greeting

place="$(named sandbox)"
GREENROOM_CREDENTIALS="$(keys_of sandbox)"
export GREENROOM_CREDENTIALS

# --- fish says what it would offer ---
fish_offers() {
    fish --no-config -c 'source completion.fish; complete -C $argv[1]' "$1" >out
    [ "$(cut -f 1 out | xargs)" = "$2" ]
}
in_fish() { # in_fish LINE WANTED: what is offered for its last word; a server may take too long at first
    wait_until "$patience_s" fish_offers "$@"
}
if has fish; then
    run greenroom completion fish
    cp out completion.fish
    in_fish 'greenroom publ' publish
    in_fish 'greenroom appro' 'approve approver'
    in_fish 'greenroom approver ' 'add list remove'
    in_fish 'greenroom rollback prompt/a --sign' --sign-with
    in_fish "greenroom --env $place log prompt/" prompt/outbound/greeting
    in_fish "greenroom --env $place show prompt/outbound/greeting@" prompt/outbound/greeting@1
    in_fish "greenroom --env $place show " prompt/outbound/greeting@1
    in_fish 'greenroom publish greet' greeting/
else
    echo 'fish is not here: not tried'
fi

# --- zsh at a terminal of its own: the line after a tab ---
cat >terminal.zsh <<'ZSH'
# zsh -f terminal.zsh SETUP LINE: types the line and a tab, and prints the line as it is then.
zmodload zsh/zpty
zpty -b shell "zsh -f -i"
zpty -w shell "PS1='' RPS1=''; unsetopt beep; stty -echo; autoload -Uz compinit; $1"
zpty -w shell 'show() { print -r -- "<""<$BUFFER>"">"; BUFFER=; zle accept-line }; zle -N show; bindkey "^X" show'
zpty -w shell 'print re''ady'
zpty -r shell said '*ready*'
zpty -w -n shell "$2"$'\t\x18'
zpty -r shell said $'*<<*>>*'
print -r -- "${${said##*<<}%%>>*}"
zpty -d shell
ZSH
zsh_makes() {
    line="$(timeout 60 zsh -f terminal.zsh "$1" "$2")" || fail "zsh does not answer: $1"
    [ "$line" = "$3" ]
}
in_zsh() { # in_zsh LINE WANTED: what the line becomes, by a file that is sourced and by one in $fpath
    local setup
    for setup in 'compinit -u -D; source ./completion.zsh' 'fpath=($PWD/functions $fpath); compinit -u -D'; do
        wait_until "$patience_s" zsh_makes "$setup" "$@"
    done
}
if has zsh; then
    mkdir functions
    run greenroom completion zsh
    cp out completion.zsh
    cp out functions/_greenroom
    in_zsh 'greenroom publ' 'greenroom publish '
    in_zsh 'greenroom approver rem' 'greenroom approver remove '
    in_zsh 'greenroom environment c' 'greenroom environment compare '
    in_zsh 'greenroom rollback prompt/a --sign' 'greenroom rollback prompt/a --sign-with '
    in_zsh "greenroom --env $place log prompt/" "greenroom --env $place log prompt/outbound/greeting "
    in_zsh "greenroom --env $place show " "greenroom --env $place show prompt/outbound/greeting@1 "
    in_zsh 'greenroom publish greet' 'greenroom publish greeting/'
else
    echo 'zsh is not here: not tried'
fi
