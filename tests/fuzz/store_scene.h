// A git store for fuzz targets, kept over all inputs.
#pragma once

#include "fuzz/scratch.h"
#include "store/store.h"
#include "trust/sha1_stream.h"

struct store_scene {
    char *path;
    struct store *store;
};

static inline void store_scene_open(struct store_scene *scene)
{
    struct error err = { 0 };
    must(store_create(scene->path, &err) == STATUS_OK);
    must(store_open(&scene->store, scene->path, sha1_stream_new, &err) == STATUS_OK);
}

static inline struct store_scene *store_scene_shared(void)
{
    static struct store_scene scene;
    struct error err = { 0 };
    if (!scene.path) {
        must(file_join(&scene.path, scratch_folder(), "store.git", &err) == STATUS_OK);
        store_scene_open(&scene);
    }
    return &scene;
}

// An empty store instead of one that grew.
static inline void store_scene_renew(struct store_scene *scene)
{
    struct error err = { 0 };
    store_free(scene->store);
    scene->store = NULL;
    must(file_remove_tree(scene->path, &err) == STATUS_OK);
    store_scene_open(scene);
}
