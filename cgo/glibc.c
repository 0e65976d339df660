// SPDX-License-Identifier: Apache-2.0

//go:build linux

#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>

#include "glibc.h"

/* What Go's runtime calls. */
WRAP(int, pthread_create, (pthread_t * thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg),
     (thread, attr, start, arg))
WRAP(int, pthread_key_create, (pthread_key_t * key, void (*destructor)(void *)), (key, destructor))
WRAP(int, pthread_setspecific, (pthread_key_t key, const void *value), (key, value))
WRAP(int, pthread_sigmask, (int how, const sigset_t *set, sigset_t *old), (how, set, old))
WRAP(int, pthread_getattr_np, (pthread_t thread, pthread_attr_t *attr), (thread, attr))
WRAP(int, pthread_attr_getstack, (const pthread_attr_t *attr, void **address, size_t *size), (attr, address, size))
WRAP(int, pthread_attr_getstacksize, (const pthread_attr_t *attr, size_t *size), (attr, size))
