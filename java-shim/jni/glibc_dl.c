// SPDX-License-Identifier: Apache-2.0
#include "glibc.h"

/* What headcount_jni.c calls of libdl. */
WRAP(void *, dlopen, (const char *path, int mode), (path, mode))
WRAP(void *, dlsym, (void *library, const char *name), (library, name))
WRAP(char *, dlerror, (void), ())
