// Objects by id: blobs, the parts of what is signed, and finding damage.
#include "unit/store/store_fixture.h"

#include "store/commit.h"
#include "store/object.h"

static const struct oid none;

static struct oid put_text(struct fixture *fixture, const char *text)
{
    struct error err = { 0 };
    struct oid oid;
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    assert_ok(writer_put_blob(writer, text, strlen(text), &oid, &err));
    assert_ok(writer_flush(writer, &err));
    return oid;
}

static void test_object__reads_a_blob_within_its_limit(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct oid oid = put_text(fixture, "eleven byte");
    struct buffer out OWNED(buffer_release) = { 0 };
    buffer_append_text(&out, "before ");
    assert_ok(object_read_blob(fixture->store, &oid, 11, &out, &err));
    assert_string_equal(out.bytes, "before eleven byte");
    assert_int_equal(object_read_blob(fixture->store, &oid, 10, &out, &err), STATUS_TOO_LARGE);
    assert_string_equal(out.bytes, "before eleven byte");
    struct oid absent = { { 1 } };
    assert_int_equal(object_read_blob(fixture->store, &absent, 10, &out, &err), STATUS_DAMAGED);
    struct oid tree;
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    assert_ok(writer_put_tree(writer, &none, NULL, 0, &tree, &err));
    assert_int_equal(object_read_blob(fixture->store, &tree, 10, &out, &err), STATUS_DAMAGED);
    assert_string_equal(err.code, "object_type");
}

static void test_object__finds_what_another_process_packed_meanwhile(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct store *reader OWNED(store_release) = NULL;
    struct buffer out OWNED(buffer_release) = { 0 };
    struct oid first = put_text(fixture, "first");
    assert_ok(store_open(&reader, fixture->path, NULL, &err));
    assert_ok(object_read_blob(reader, &first, 100, &out, &err)); // it has listed the packs
    struct oid second = put_text(fixture, "second");
    assert_ok(object_read_blob(reader, &second, 100, &out, &err));
    // Repacked by git: all that it has open is gone.
    struct oid third = put_text(fixture, "third");
    assert_runs(fixture, "cd $S && for p in objects/pack/*.pack; do mv $p $p.old; done;"
                         " rm objects/pack/*.idx; for p in objects/pack/*.old; do"
                         " git unpack-objects -q < $p; done; rm objects/pack/*;"
                         " find objects -type f | sed 's/objects//; s,/,,g' |"
                         " git pack-objects -q objects/pack/pack > /dev/null && git prune-packed");
    assert_ok(object_read_blob(reader, &third, 100, &out, &err));
    assert_ok(object_read_blob(reader, &first, 100, &out, &err));
    assert_string_equal(out.bytes, "firstsecondthirdfirst");
}

// Signs a commit and a tag with a key made for the test, if ssh-keygen is there.
static bool make_key(struct fixture *fixture)
{
    struct buffer out OWNED(buffer_release) = { 0 };
    return run(fixture, &out,
               "command -v ssh-keygen && ssh-keygen -q -t ed25519 -N '' -C '' -f key &&"
               " echo \"dev@example.com $(cat key.pub)\" > signers") == 0;
}

static void sign(struct fixture *fixture, const char *text, struct buffer *signature)
{
    struct error err = { 0 };
    char *path OWNED(memory_release) = NULL;
    assert_ok(file_join(&path, fixture->folder, "text", &err));
    assert_ok(file_write_atomic(path, text, strlen(text), 0644, &err));
    assert_int_equal(run(fixture, signature,
                         "ssh-keygen -q -Y sign -n git -f key text 2> /dev/null;"
                         " cat text.sig; rm text.sig"),
                     0);
}

static void assert_splits(struct fixture *fixture, const struct oid *oid, enum object_type type,
                          const char *payload, const char *signature)
{
    struct error err = { 0 };
    struct object_signed split OWNED(object_signed_release) = { 0 };
    assert_ok(object_read_signed(fixture->store, oid, type, &split, &err));
    assert_string_equal(buffer_text(&split.payload), payload);
    assert_string_equal(buffer_text(&split.signature), signature);
}

static void test_object__gives_back_what_was_signed(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    if (!make_key(fixture))
        skip();
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct buffer commit_text OWNED(buffer_release) = { 0 };
    struct buffer commit_signature OWNED(buffer_release) = { 0 };
    struct buffer tag_text OWNED(buffer_release) = { 0 };
    struct buffer tag_signature OWNED(buffer_release) = { 0 };
    struct oid tree;
    struct oid commit;
    struct oid tag;
    assert_ok(writer_put_tree(writer, &none, NULL, 0, &tree, &err));
    struct writer_commit commit_words = { tree, none, "Dev <dev@example.com>", 1700000000,
                                          "subject\n\n indented\ngpgsig of the body\n\nA: b\n" };
    assert_ok(writer_commit_text(&commit_text, &commit_words, &err));
    sign(fixture, commit_text.bytes, &commit_signature);
    assert_ok(writer_put_commit(writer, commit_text.bytes, commit_signature.bytes, &commit, &err));
    // A message that quotes a signature: the last one counts.
    struct writer_tag tag_words = { commit, "release/a/1", "Dev <dev@example.com>", 1700000000,
                                    "says\n-----BEGIN SSH SIGNATURE-----\nno" };
    assert_ok(writer_tag_text(&tag_text, &tag_words, &err));
    sign(fixture, tag_text.bytes, &tag_signature);
    assert_ok(writer_put_tag(writer, tag_text.bytes, tag_signature.bytes, &tag, &err));
    assert_ok(writer_flush(writer, &err));
    assert_ok(store_ref_move(fixture->store, "refs/heads/live", &none, &commit, &err));
    assert_ok(store_ref_move(fixture->store, "refs/tags/release/a/1", &none, &tag, &err));
    assert_runs(fixture, "V='-c gpg.format=ssh -c gpg.ssh.allowedSignersFile=../signers';"
                         " $G $V verify-commit live && $G $V verify-tag release/a/1 &&"
                         " $G show -s --format=%B live | grep 'gpgsig of the body'");
    assert_sound(fixture);
    assert_splits(fixture, &commit, OBJECT_COMMIT, commit_text.bytes, commit_signature.bytes);
    assert_splits(fixture, &tag, OBJECT_TAG, tag_text.bytes, tag_signature.bytes);
    // Signed by git itself.
    assert_runs(fixture,
                "C='-c gpg.format=ssh -c user.signingKey=../key -c user.name=a -c user.email=a@b';"
                " $G update-ref refs/heads/live $($G $C commit-tree -S -m x live^{tree})");
    struct oid theirs;
    assert_ok(store_ref_get(fixture->store, "refs/heads/live", &theirs, &err));
    struct object_signed split OWNED(object_signed_release) = { 0 };
    assert_ok(object_read_signed(fixture->store, &theirs, OBJECT_COMMIT, &split, &err));
    char *path OWNED(memory_release) = NULL;
    assert_ok(file_join(&path, fixture->folder, "payload", &err));
    assert_ok(file_write_atomic(path, split.payload.bytes, split.payload.length, 0644, &err));
    char *signature_path OWNED(memory_release) = NULL;
    assert_ok(file_join(&signature_path, fixture->folder, "signature", &err));
    assert_ok(file_write_atomic(signature_path, split.signature.bytes, split.signature.length, 0644,
                                &err));
    assert_runs(fixture, "ssh-keygen -q -Y verify -n git -f signers -I dev@example.com -s signature"
                         " < payload");
}

static void test_object__unsigned_is_all_payload(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct writer *writer OWNED(writer_release) = new_writer(fixture);
    struct buffer commit_text OWNED(buffer_release) = { 0 };
    struct buffer tag_text OWNED(buffer_release) = { 0 };
    struct oid tree;
    struct oid commit;
    struct oid tag;
    assert_ok(writer_put_tree(writer, &none, NULL, 0, &tree, &err));
    struct writer_commit commit_words = { tree, none, "a <a@b>", 1, "" };
    assert_ok(writer_commit_text(&commit_text, &commit_words, &err));
    assert_ok(writer_put_commit(writer, commit_text.bytes, NULL, &commit, &err));
    struct writer_tag tag_words = { commit, "x", "a <a@b>", 1, "x -----BEGIN SSH SIGNATURE-----" };
    assert_ok(writer_tag_text(&tag_text, &tag_words, &err));
    assert_ok(writer_put_tag(writer, tag_text.bytes, NULL, &tag, &err));
    assert_splits(fixture, &commit, OBJECT_COMMIT, commit_text.bytes, "");
    assert_splits(fixture, &tag, OBJECT_TAG, tag_text.bytes, "");
    struct object_signed split OWNED(object_signed_release) = { 0 };
    assert_int_equal(object_read_signed(fixture->store, &tag, OBJECT_COMMIT, &split, &err),
                     STATUS_DAMAGED);
}

static enum status note_damage(void *context, const char *what, struct error *err)
{
    (void)err;
    buffer_append_format(context, "%s\n", what);
    return STATUS_OK;
}

static void test_object__check_finds_every_damaged_object(void **state)
{
    struct fixture *fixture = *state;
    struct error err = { 0 };
    struct buffer report OWNED(buffer_release) = { 0 };
    uint64_t count = 0;
    put_text(fixture, "sound");
    struct oid broken = put_text(fixture, "to be broken");
    assert_ok(object_check_all(fixture->store, note_damage, &report, &count, &err));
    assert_int_equal(count, 2);
    assert_string_equal(buffer_text(&report), "");
    // One bit in the middle of the blob's bytes.
    char text[OID_TEXT_BYTES];
    struct buffer command OWNED(buffer_release) = { 0 };
    oid_format(&broken, text);
    buffer_append_format(&command,
                         "cd $S/objects/pack && for i in *.idx; do p=${i%%.idx}.pack;"
                         " if git show-index < $i | grep -q %s; then chmod +w $p &&"
                         " printf X | dd of=$p bs=1 seek=20 conv=notrunc; fi; done",
                         text);
    assert_runs(fixture, buffer_text(&command));
    struct store *fresh OWNED(store_release) = NULL;
    assert_ok(store_open(&fresh, fixture->path, NULL, &err));
    assert_ok(object_check_all(fresh, note_damage, &report, &count, &err));
    assert_int_equal(count, 2);
    assert_non_null(strstr(buffer_text(&report), text));
    assert_null(strchr(strchr(report.bytes, '\n') + 1, '\n')); // one line
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(test_object__reads_a_blob_within_its_limit),
        ON_STORE(test_object__finds_what_another_process_packed_meanwhile),
        ON_STORE(test_object__gives_back_what_was_signed),
        ON_STORE(test_object__unsigned_is_all_payload),
        ON_STORE(test_object__check_finds_every_damaged_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
