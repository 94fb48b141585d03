// Windows in which calls may be placed: whether they make sense.
#include "check/readiness_schedule.h"

#include <stdio.h>
#include <string.h>

#include "check/manifest_note.h"
#include "check/time_zone.h"

#define MAX_WINDOWS 50 // as the manifest's schema says
#define POINTER_BYTES 64

struct window {
    unsigned days; // bit by day, Monday first
    int from;      // minutes of the day
    int to;
    const char *time_zone;
};

static const char *const day_words[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
#define DAY_COUNT 7
#define DAY_MINUTES (24 * 60)

// "09:00", a form that the manifest's schema has made sure of.
static int minutes_of(const char *text)
{
    if (strlen(text) != 5)
        return 0;
    return ((text[0] - '0') * 10 + (text[1] - '0')) * 60 + (text[3] - '0') * 10 + (text[4] - '0');
}

static unsigned days_of(const struct json *days)
{
    unsigned mask = 0;
    for (const struct json *day = json_first(days); day; day = json_next(day))
        for (unsigned i = 0; i < DAY_COUNT; i++)
            if (json_string(day) && strcmp(json_string(day), day_words[i]) == 0)
                mask |= 1U << i;
    return mask;
}

static const char *first_day(unsigned days)
{
    unsigned i = 0;
    while (i + 1 < DAY_COUNT && !(days & (1U << i)))
        i++;
    return day_words[i];
}

static enum status check_time_zone(const struct check_subject *subject, const struct window *window,
                                   size_t index, struct finding_list *findings, struct error *err)
{
    char pointer[POINTER_BYTES];
    char mend[160];
    if (time_zone_exists(window->time_zone))
        return STATUS_OK;
    const char *similar = time_zone_similar(window->time_zone);
    if (similar)
        snprintf(mend, sizeof(mend), "there is '%s'", similar);
    else
        snprintf(mend, sizeof(mend), "name the zone as AREA/CITY, e.g. Europe/Berlin");
    snprintf(pointer, sizeof(pointer), "/readiness/schedule/%zu/time_zone", index);
    return manifest_note_add(
        subject, findings,
        &(struct manifest_note) { manifest_note_severity(subject), "readiness.time-zone-unknown",
                                  pointer, mend },
        err, "'%.64s' is no name of the IANA time zone database", window->time_zone);
}

static enum status check_length(const struct check_subject *subject, const struct window *window,
                                size_t index, struct finding_list *findings, struct error *err)
{
    char pointer[POINTER_BYTES];
    if (window->from < window->to)
        return STATUS_OK;
    snprintf(pointer, sizeof(pointer), "/readiness/schedule/%zu", index);
    return manifest_note_add(subject, findings,
                             &(struct manifest_note) {
                                 manifest_note_severity(subject), "readiness.window-empty", pointer,
                                 "let it begin before it ends; for a window over midnight write "
                                 "two, up to 24:00 and from 00:00 of the next day" },
                             err, "the window from %02d:%02d to %02d:%02d is empty",
                             window->from / 60, window->from % 60, window->to / 60,
                             window->to % 60);
}

// Only within one time zone: a call is placed by the clock of one place.
static bool overlap(const struct window *a, const struct window *b)
{
    return (a->days & b->days) && a->from < b->to && b->from < a->to && a->from < a->to &&
           b->from < b->to && strcmp(a->time_zone, b->time_zone) == 0;
}

static enum status check_overlap(const struct check_subject *subject, const struct window *windows,
                                 size_t index, struct finding_list *findings, struct error *err)
{
    char pointer[POINTER_BYTES];
    size_t other = 0;
    while (other < index && !overlap(&windows[other], &windows[index]))
        other++;
    if (other == index)
        return STATUS_OK;
    snprintf(pointer, sizeof(pointer), "/readiness/schedule/%zu", index);
    return manifest_note_add(
        subject, findings,
        &(struct manifest_note) { manifest_note_severity(subject), "readiness.windows-overlap",
                                  pointer,
                                  "make one window of the two, or take the day out of one" },
        err, "on %s the window overlaps the %zu. one (%02d:%02d to %02d:%02d)",
        first_day(windows[index].days & windows[other].days), other + 1, windows[other].from / 60,
        windows[other].from % 60, windows[other].to / 60, windows[other].to % 60);
}

// The span of quiet hours on the days on which it is still going on: over midnight it is two.
static size_t read_quiet(struct window out[2], const struct json *quiet)
{
    const struct json *days = json_get(quiet, "days");
    unsigned mask = days ? days_of(days) : (1U << DAY_COUNT) - 1;
    unsigned next_days = ((mask << 1) | (mask >> (DAY_COUNT - 1))) & ((1U << DAY_COUNT) - 1);
    int from = minutes_of(json_get_string(quiet, "from", ""));
    int to = minutes_of(json_get_string(quiet, "to", ""));
    out[0] = (struct window) { .days = mask, .from = from, .to = to };
    if (from < to)
        return 1;
    out[0].to = DAY_MINUTES;
    out[1] = (struct window) { .days = next_days, .from = 0, .to = to };
    return 2;
}

// Quiet hours are meant where the people are who are called: by the window's own clock.
static enum status check_quiet(const struct check_subject *subject, const struct window *window,
                               size_t index, struct finding_list *findings, struct error *err)
{
    const struct json *list = json_get(subject->world->policy, "quiet_hours");
    for (const struct json *quiet = json_first(list); quiet; quiet = json_next(quiet)) {
        struct window spans[2];
        char pointer[POINTER_BYTES];
        size_t count = read_quiet(spans, quiet);
        size_t hit = 0;
        for (size_t i = 0; i < count; i++)
            spans[i].time_zone = window->time_zone;
        while (hit < count && !overlap(&spans[hit], window))
            hit++;
        if (hit == count)
            continue;
        snprintf(pointer, sizeof(pointer), "/readiness/schedule/%zu", index);
        return manifest_note_add(
            subject, findings,
            &(struct manifest_note) { manifest_note_severity(subject), "readiness.quiet-hours",
                                      pointer,
                                      "let it begin after the quiet hours and end before them; the "
                                      "policy's quiet_hours say when they are" },
            err, "on %s the window reaches into the policy's quiet hours (%s to %s)",
            first_day(spans[hit].days & window->days), json_get_string(quiet, "from", ""),
            json_get_string(quiet, "to", ""));
    }
    return STATUS_OK;
}

enum status readiness_schedule_check(const struct check_subject *subject,
                                     struct finding_list *findings, struct error *err)
{
    struct window windows[MAX_WINDOWS];
    size_t count = 0;
    const struct json *schedule = json_at(subject->manifest->document, "/readiness/schedule");
    for (const struct json *item = json_first(schedule); item && count < MAX_WINDOWS;
         item = json_next(item), count++) {
        windows[count] = (struct window) { .days = days_of(json_get(item, "days")),
                                           .from = minutes_of(json_get_string(item, "from", "")),
                                           .to = minutes_of(json_get_string(item, "to", "")),
                                           .time_zone = json_get_string(item, "time_zone", "") };
        TRY(check_time_zone(subject, &windows[count], count, findings, err));
        TRY(check_length(subject, &windows[count], count, findings, err));
        TRY(check_overlap(subject, windows, count, findings, err));
        TRY(check_quiet(subject, &windows[count], count, findings, err));
    }
    return STATUS_OK;
}
