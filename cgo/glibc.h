/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glibc.h: functions of glibc under the symbol version that they had in glibc 2.17.
 *
 * glibc 2.32 and 2.34 moved functions from libpthread and libdl to libc and gave them new versions. A library that is linked
 * on such a system binds to those, and an older glibc then cannot load it: that of Amazon Linux 2, RHEL 8 and Debian 11.
 * The old versions are still there. The linker's --wrap (cgo/build.sh, java-shim/jni/build.sh) directs every call of a
 * function to its wrapper here, which binds to the old one.
 */
#ifndef HEADCOUNT_GLIBC_H
#define HEADCOUNT_GLIBC_H

#if defined(__x86_64__)
#define OLDEST_GLIBC "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OLDEST_GLIBC "GLIBC_2.17"
#else
#error "no glibc version is known for this architecture"
#endif

/* WRAP(int, f, (int a), (a)) defines __wrap_f, which calls f of the old version. */
#define WRAP(type, name, parameters, arguments)                                                                        \
    __asm__(".symver old_" #name "," #name "@" OLDEST_GLIBC);                                                          \
    extern type old_##name parameters;                                                                                 \
    type __wrap_##name parameters;                                                                                     \
    type __wrap_##name parameters {                                                                                    \
        return old_##name arguments;                                                                                   \
    }

#endif
