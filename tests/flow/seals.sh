# A seal is the only thing that crosses: whole it is admitted without the sandbox being there, and in
# any other state it is refused with the reason.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_trust.sh
. "$flow_folder/lib_trust.sh"

make_strict
write_prompt folder greeting 'One.'
run publish folder
write_prompt other closing 'Goodbye.'
run publish other
ready prompt/greeting@1
ready prompt/closing@1

# --- the same drafts and evidence give the same bytes ---
run seal prompt/greeting@1 prompt/closing@1 -o one.seal
run seal prompt/greeting@1 prompt/closing@1 -o two.seal
cmp one.seal two.seal
tar tf one.seal >list
says '^0002/content/artifact.json$' list
says '^0001/evidence/0002-approval.json.sig$' list

refused_seal() { # refused_seal EXIT CODE FILE
    local before
    before=$(tip production live)
    expect_error "$1" "$2" admit "$3"
    equal 'live after a refusal' "$before" "$(tip production live)"
}

# --- tampered with, as the writer would have written it: it is what it holds that is refused ---
change() { # change FILE OLD NEW: of the same length, where it stands first
    sed "0,/$2/s//$3/" one.seal >"$1"
    ! cmp -s one.seal "$1" || fail "$2 is not in the seal"
}
change tampered.seal 'One\.' 'Two.'
refused_seal 5 seal_damaged tampered.seal
says 'does not have the digest'
change renamed.seal author@example.com writer@example.com
expect_finding gate.policy admit renamed.seal
says "another author's draft"
equal 'live' none "$(tip production live)"

put() { # put OFFSET: into ./header, from standard input
    dd of=header bs=1 seek="$1" conv=notrunc status=none
}
# smuggle FILE NAME: an entry of one byte, before the second artifact's first.
smuggle() {
    local at
    at="$(grep -abo '0002/content/artifact.json' one.seal | head -n 1 | cut -d : -f 1)"
    head -c 512 one.seal >header
    head -c 100 /dev/zero | put 0
    printf '%s' "$2" | put 0
    printf '%011o ' 1 | put 124
    printf '        ' | put 148
    printf '%06o\0' "$(od -An -v -tu1 header | awk '{ for (i = 1; i <= NF; i++) sum += $i } END { print sum }')" |
        put 148
    { head -c "$at" one.seal && cat header && printf x && head -c 511 /dev/zero && tail -c "+$((at + 1))" one.seal; } >"$1"
}
smuggle smuggled.seal 0001/smuggled
equal 'entries of a tar' "$(($(wc -l <list) + 1))" "$(tar -tf smuggled.seal | wc -l)"
refused_seal 5 seal_damaged smuggled.seal
says 'belong to no artifact'
open_seal() {
    rm -rf open && mkdir open && tar xf one.seal -C open
}

# --- cut short, re-packed, not a seal at all ---
head -c 4000 one.seal >cut.seal
expect_exit 2 admit cut.seal
open_seal
tar -C open -cf repacked.seal .
refused_seal 5 seal_repacked repacked.seal
gzip -c one.seal >packed.seal
refused_seal 5 seal_repacked packed.seal
run greenroom export prompt/greeting@1 folder.tar.gz --env sandbox
gunzip folder.tar.gz # packed as a seal is
refused_seal 5 seal_damaged folder.tar
says 'seal.json: it is missing'
refused_seal 2 archive_unknown approver.pub # no archive at all
equal 'live' none "$(tip production live)"

# --- admitted on a machine that never saw the sandbox ---
mv sandbox elsewhere
run admit one.seal --reason 'by courier' --json
equal 'releases' prompt/greeting "$(json releases.0.artifact)"
equal 'releases' prompt/closing "$(json releases.1.artifact)"

# --- again: nothing changes; after another release went live, its approval is about another past ---
before=$(tip production live)
run admit one.seal --json
equal 'state' unchanged "$(json releases.0.state)"
equal 'live' "$before" "$(tip production live)"
mv elsewhere sandbox
write_prompt folder greeting 'Two.'
run publish folder
ready prompt/greeting@2
run promote prompt/greeting@2
expect_finding gate.policy admit one.seal

# --- evidence for an auditor, and a release verified in a plain clone ---
run greenroom evidence prompt/greeting@2 -o evidence.json --env production
says '"in-toto|in-toto.io/Statement' evidence.json
json_lines evidence.json >lines
for signed in tag 'evidence\.[0-9]+'; do # what a person signed stands there with the signature
    says "^$signed\\.signature	-----BEGIN SSH SIGNATURE" lines
done
run git clone -q --bare production/store.git clone
run greenroom verify --release release/prompt/greeting/2 --clone clone
says '^verified: prompt/greeting@2'
git -C production/store.git show control:approvers | grep second >others
expect_error 5 approver_unknown greenroom verify --release release/prompt/greeting/2 --clone clone \
    --approvers others
expect_error 3 tag_unknown greenroom verify --release release/prompt/greeting/9 --clone clone

# What was written for the auditor is held to the clone, to the letter.
run greenroom verify --release evidence.json --clone clone
says '^verified: prompt/greeting@2'
# forged SED-SCRIPT: what no longer agrees is named.
forged() {
    sed "$2" evidence.json >forged.json
    ! cmp -s evidence.json forged.json || fail "'$2' changes nothing"
    expect_error 5 evidence_differs greenroom verify --release forged.json --clone clone
    json error.message | grep -q "$1" || fail "$1 is not named: $(cat out)"
}
forged author '0,/"author": "Author/s//"author": "Another/'
forged policy 's/"name": "test"/"name": "easy"/'
forged evidence 's/"type": "approval"/"type": "attestation"/'
forged tag 's/"object": "./"object": "_/'
forged entry 's/"entry": "{/"entry": "{ /'
sed 's/"version": 2,/"version": 9,/' evidence.json >forged.json
expect_error 3 tag_unknown greenroom verify --release forged.json --clone clone
echo '{' >forged.json
expect_error 2 json_invalid greenroom verify --release forged.json --clone clone

expect_sound sandbox production
