# What greenroomd is set to: from a file, variables and words, and tried before it serves.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
cat >greenroomd.conf <<'CONF'
# production, as seen from here
env = production
listen = 127.0.0.1:1
idle-timeout = 90s
CONF

run greenroomd --check-config --config greenroomd.conf
says '^env = production$'
says '^listen = 127\.0\.0\.1:1$'
says '^idle-timeout = 90s$'
cp out first
run greenroomd --check-config --config first
equal "what is printed and read again" "$(cat first)" "$(cat out)"

export GREENROOM_CONFIG=greenroomd.conf
GREENROOM_IDLE_TIMEOUT=80s run greenroomd --check-config --listen 127.0.0.1:2
says '^listen = 127\.0\.0\.1:2$'
says '^idle-timeout = 80s$'

# What would keep it from starting is told by the trial as well.
expect_exit 1 greenroomd --check-config --env sandbox
says 'sandbox' err
expect_exit 3 greenroomd --check-config --env nowhere
expect_exit 1 greenroomd --check-config --listen 0.0.0.0:0
says 'no TLS' err
expect_exit 2 greenroomd --check-config --tls-key key.pem
echo 'idle-timeout = soon' >>greenroomd.conf
expect_exit 2 greenroomd --check-config
says 'greenroomd.conf:5: --idle-timeout' err
expect_exit 3 greenroomd --check-config --config nowhere.conf
unset GREENROOM_CONFIG
