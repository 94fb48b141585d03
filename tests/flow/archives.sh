# Hostile archives and folders: refused with the entry named, and nothing is written anywhere.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

run greenroom init sandbox --class sandbox
write_prompt good good 'Hello.'
run publish good
mkdir archives
cd archives

# All that a refusal must leave alone: the sandbox, what lies around it, and the temporary folder.
standing() {
    (cd .. && find good sandbox tmp home -name 'ledger.db*' -o -type f -print | sort |
        xargs -d '\n' sha256sum)
    find /etc/greenroom-flow* /tmp/greenroom-flow-escaped* 2>/dev/null || true
}
standing >before.txt

# refuses CODE ENTRY PATH...: exit 1, the entry (a pattern) named, nothing changed.
refuses() {
    local code="$1" entry="$2"
    shift 2
    cd ..
    expect_exit 1 greenroom publish "$@" --env sandbox --json
    mv out err archives
    cd archives
    equal "error code for $1" "$code" "$(json error.code)"
    json error.message >message
    says "$entry" message
    [ ! -s err ] || fail "publish of $1 wrote to standard error: $(cat err)"
    standing >after.txt
    cmp before.txt after.txt || fail "publish of $1 changed something"
}

# tree: a fresh copy of the good artifact, to be spoiled.
tree() {
    rm -rf tree
    cp -R ../good tree
}
pack() { # pack NAME [TAR-ARGUMENT...]: all of ./tree
    local name="$1"
    shift
    tar -C tree -czf "$name" "$@" .
}

# --- names that lead elsewhere ---
tree
pack absolute.tgz -P --transform 's|^./sections/|/etc/greenroom-flow/|'
refuses archive_entry_refused "'/etc/greenroom-flow/opening.md'" archives/absolute.tgz
pack climbing.tgz -P --transform 's|^./sections/|../../greenroom-flow-escaped/|'
refuses archive_entry_refused "'../../greenroom-flow-escaped/opening.md'" archives/climbing.tgz
pack inner.tgz -P --transform 's|^./sections/|sections/../../greenroom-flow-escaped/|'
refuses archive_entry_refused '\.\./\.\./greenroom-flow-escaped/opening.md' archives/inner.tgz
pack backslash.tgz --transform 's|^./sections/|..\\\\..\\\\|'
refuses archive_entry_refused opening.md archives/backslash.tgz
pack drive.tgz --transform 's|^./sections/opening.md|c:opening.md|'
refuses archive_entry_refused c:opening.md archives/drive.tgz

# --- entries that are no files ---
tree
ln -s /etc/passwd tree/link.md
pack symlink.tgz
refuses archive_entry_refused "link.md'" archives/symlink.tgz
refuses archive_entry_refused "link.md'" archives/tree
tree
ln -s ../.. tree/up
tar -C tree -cf through.tar up
mkdir -p through/up
echo x >through/up/greenroom-flow-escaped
tar -C through -rf through.tar up/greenroom-flow-escaped
refuses archive_entry_refused "'up'" archives/through.tar
tree
ln tree/sections/opening.md tree/twin.md
pack hardlink.tgz
refuses archive_entry_refused '(twin|opening)\.md' archives/hardlink.tgz
tree
mkfifo tree/pipe.md
pack pipe.tgz
refuses archive_entry_refused "pipe.md'" archives/pipe.tgz
refuses archive_entry_refused "pipe.md'" archives/tree
if [ "$(id -u)" -eq 0 ] && mknod device c 1 3 2>/dev/null; then
    tree
    mv device tree/device.md
    pack device.tgz
    refuses archive_entry_refused "device.md'" archives/device.tgz
    refuses archive_entry_refused "device.md'" archives/tree
fi

# --- names that two readers would read differently ---
tree
echo twice >tree/twice.md
tar -C tree -cf twice.tar .
tar -C tree -rf twice.tar ./twice.md
refuses archive_entry_refused "twice.md'" archives/twice.tar
tree
echo file >tree/sections.md
tar -C tree -cf folder.tar --transform 's|sections.md|sections|' sections.md artifact.json \
    sections/opening.md
refuses archive_entry_refused 'sections' archives/folder.tar
tree
echo x >tree/$'latin-\xe9.md'
pack latin.tgz
refuses archive_entry_refused 'latin-..xE9.md' archives/latin.tgz
refuses archive_entry_refused 'latin-..xE9.md' archives/tree
tree
echo x >tree/$'two\nlines.md'
pack lines.tgz
refuses archive_entry_refused 'two..x0Alines.md' archives/lines.tgz
for name in .git .GIT; do
    tree
    mkdir "tree/$name"
    echo x >"tree/$name/config"
    pack git.tgz
    refuses archive_entry_refused "$name" archives/git.tgz
    refuses archive_entry_refused "$name" archives/tree
done
tree
deep="$(printf 'a/%.0s' $(seq 70))"
mkdir -p "tree/$deep"
echo x >"tree/${deep}x.md"
pack deep.tgz
refuses archive_entry_refused 'a/a/a' archives/deep.tgz

# --- bombs ---
tree
head -c 64M /dev/zero >tree/zeros.md
pack size.tgz
refuses archive_ratio 'size.tgz' archives/size.tgz
tree
(cd tree && seq 100001 | sed 's/^/n/' >../names && xargs touch <../names)
pack count.tgz
refuses too_many_files 'count.tgz' archives/count.tgz
rm -rf tree

# --- the same by zip, whose names zipnote writes as they are told ---
zip_named() { # zip_named NAME ENTRY: the artifact, with one file under that name
    tree
    echo x >tree/other.md
    (cd tree && zip -qr "../$1" .)
    # shellcheck disable=SC2028 # backslashes are meant
    printf '@ other.md\n@=%s\n' "$2" | zipnote -w "$1"
}
if has zip && has zipnote; then
    zip_named absolute.zip /etc/greenroom-flow.md
    refuses archive_entry_refused "'/etc/greenroom-flow.md'" archives/absolute.zip
    zip_named climbing.zip ../greenroom-flow-escaped.md
    refuses archive_entry_refused "'../greenroom-flow-escaped.md'" archives/climbing.zip
    zip_named twice.zip artifact.json
    refuses archive_entry_refused "artifact.json'" archives/twice.zip
    tree
    ln -s /etc/passwd tree/link.md
    (cd tree && zip -qry ../symlink.zip .)
    refuses archive_entry_refused "link.md'" archives/symlink.zip
    tree
    (cd tree && zip -qr -P secret ../locked.zip .)
    refuses archive_entry_refused 'artifact.json|opening.md' archives/locked.zip
    tree
    head -c 64M /dev/zero >tree/zeros.md
    (cd tree && zip -qr ../size.zip .)
    refuses archive_ratio 'size.zip' archives/size.zip
fi

# --- not whole, or not an archive: wrong usage, and again nothing is written ---
unreadable() {
    cd ..
    expect_exit 2 greenroom publish "$1" --env sandbox
    mv out err archives
    cd archives
    standing >after.txt
    cmp before.txt after.txt || fail "publish of $1 changed something"
}
tree
pack whole.tgz
head -c 200 whole.tgz >cut.tgz
unreadable archives/cut.tgz
cat whole.tgz whole.tgz >double.tgz
unreadable archives/double.tgz
tar -C tree -cJf other.tar.xz . 2>/dev/null || printf '\xfd7zXZ\0rest' >other.tar.xz
unreadable archives/other.tar.xz
printf 'no archive' >words.tgz
unreadable archives/words.tgz
mkdir empty
unreadable archives/empty

cd ..
mv good again
run publish again --json
equal 'the draft is as it was' unchanged "$(json artifacts.0.state)"
