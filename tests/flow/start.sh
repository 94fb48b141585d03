# What a command loads: a small one none of the libraries that only archives or servers need.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_prompt greeting greeting 'Hello.'

# loads COMMAND...: the libraries that greenroom loads when it is run so are then in ./loaded.
loads() {
    rm -f trace.*
    LD_DEBUG=files LD_DEBUG_OUTPUT=trace expect_exit 0 greenroom "$@"
    sed -n 's/.*calling init: .*\/\(lib[a-zA-Z0-9_-]*\)[.-].*/\1/p' trace.* | sort -u >loaded
}

has_loaded() {
    grep -Fxq "$1" loaded
}

for command in 'publish greeting' 'list' 'show prompt/greeting' 'check greeting' 'cat prompt/greeting artifact.json'; do
    # shellcheck disable=SC2086 # words of one command
    loads --env sandbox $command
    has_loaded libc || fail "the trace of '$command' names no library"
    for library in libarchive libcrypto libcurl libgit2 libssh2 libmbedtls libgssapi_krb5 libxml2 libicuuc; do
        ! has_loaded "$library" || fail "'$command' loads $library"
    done
done

loads --env production approver list
has_loaded libcrypto || fail 'keys were read without libcrypto'

loads --env sandbox export prompt/greeting out.tar.gz
has_loaded libarchive || fail 'an archive was written without libarchive'
loads check out.tar.gz
has_loaded libarchive || fail 'an archive was read without libarchive'
