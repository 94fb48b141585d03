#!/usr/bin/env bash
# Where the instructions of one answer go, stage by stage, and what it allocates: the server under
# callgrind, a hundred requests over one connection after a hundred to warm up. Needs valgrind; counts
# do not depend on what else the machine does.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/bench/lib_serve.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib_serve.sh"

port=$((port_base + 20))
# Functions by the stage they stand for, in the order of a request's way. Inclusive.
stages='transport_read:read_from_the_socket head_find_end:find_the_head_s_end head_parse:parse_the_head
    request_read:judge_its_fields route_find:route authenticator_check:authenticate
    snapshot_find_at:find_the_release coding_choose:choose_the_coding reply_print_fields:print_the_fields
    outgoing_add:put_the_answer_together transport_write:write_to_the_socket'

start_patience=120 # everything takes fifty times as long
make_tools 1
start ours "$port" valgrind --quiet --tool=callgrind --callgrind-out-file="$scratch/counts" \
    "$bin/greenroomd" --env "$scratch/production" --threads 1 --unconfined \
    --listen "127.0.0.1:$port" # valgrind knows no seccomp
make_files # warms up
callgrind_control -z "${pid_of[ours]}" >/dev/null 2>&1
curl -sSf -H "Authorization: Bearer $key" -K "$scratch/fetch"
callgrind_control -d "${pid_of[ours]}" >/dev/null 2>&1
dump=$(find "$scratch" -name 'counts.*' | sort | tail -1)

callgrind_annotate --inclusive=yes --threshold=100 "$dump" >"$scratch/annotated"
printf '\n### Instructions of one answer (200, 2 KiB, in user space)\n\n| stage | instructions |\n|---|---|\n'
for stage in $stages; do
    awk -v name="${stage%%:*}" -v words="${stage#*:}" '
        BEGIN { gsub("_s_", "\047s ", words); gsub("_", " ", words) }
        $0 ~ ":" name "( |$)" || $0 ~ ":" name "\047" {
            count = $1
            gsub(",", "", count)
            printf "| %s (`%s`) | %.0f |\n", words, name, count / 100
            exit
        }' "$scratch/annotated"
done
awk '/PROGRAM TOTALS/ { gsub(",", "", $1); printf "| all | %.0f |\n", $1 / 100 }' "$scratch/annotated"

printf '\n### Calls of one answer\n\n| function | calls |\n|---|---|\n'
awk '
    /^c?fn=\([0-9]+\) / { id = $1; sub(/^c?fn=/, "", id); name[id] = $2 }
    /^cfn=/ { callee = $1; sub(/^cfn=/, "", callee) }
    /^calls=/ { split($1, part, "="); calls[callee] += part[2] }
    END {
        for (id in calls)
            if (name[id] ~ /^(malloc|calloc|realloc|free|CRYPTO_(z|m)alloc|pthread_mutex_lock.*|open|openat|pread|send|recv|write|epoll_wait)(\047.*)?$/)
                printf "| `%s` | %.2f |\n", name[id], calls[id] / 100
    }' "$dump" | sort
