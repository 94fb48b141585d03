-- wrk's requests: the paths of a list, one after the other, with what makes each answer a 200 or a 304.
-- The list has lines "PATH ETAG"; arguments: LIST 200|304 KEY.
local requests = {}
local at = 0
local next_thread = 0

function setup(thread)
    thread:set("offset", next_thread)
    next_thread = next_thread + 137
end

function init(args)
    for line in io.lines(args[1]) do
        local path, etag = line:match("^(%S+) (%S+)$")
        local headers = { Authorization = "Bearer " .. args[3] }
        if args[2] == "304" then
            headers["If-None-Match"] = etag
        end
        requests[#requests + 1] = wrk.format("GET", path, headers)
    end
    at = offset
end

function request()
    at = at % #requests + 1
    return requests[at]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
        errors.connect + errors.read + errors.write + errors.timeout + errors.status, latency.max))
end
