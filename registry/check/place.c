// Lines and columns of byte offsets.
#include "check/place.h"

void place_advance(struct place *place, const char *bytes, size_t offset)
{
    for (; place->offset < offset; place->offset++) {
        unsigned char byte = (unsigned char)bytes[place->offset];
        if (byte == '\n') {
            place->line++;
            place->column = 1;
        } else if ((byte & 0xC0) != 0x80) {
            place->column++;
        }
    }
}
