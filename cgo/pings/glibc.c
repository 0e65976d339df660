// SPDX-License-Identifier: Apache-2.0

//go:build linux

#include "../glibc.c"
