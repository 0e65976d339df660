// SPDX-License-Identifier: Apache-2.0
/*
 * headcount_jni.c: libheadcount for a JVM without java.lang.foreign, such as Java 17.
 *
 * It becomes a library of its own, libheadcount-jni.so, which knows headcount.h and jni.h and opens the one
 * libheadcount.so by its path. So that library stays as it is, and who calls it from C needs no JDK.
 *
 * Java's side is io.github.headcounthll.jni.NativeMethods. No array of the JVM's heap comes here: Java copies what a call
 * reads and writes into memory that this file allocates, and gives addresses. RATIONALE.md says why.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jni.h>

#include "headcount.h"

/* Word i of a call under the type that the declaration gives it, so that the compiler holds each line against
 * headcount.h. */
#define TEXT(i) ((char *)(intptr_t)w[i])
#define U8(i) ((uint8_t *)(intptr_t)w[i])
#define I32(i) ((int32_t *)(intptr_t)w[i])
#define I64(i) ((int64_t *)(intptr_t)w[i])
#define F64(i) ((double *)(intptr_t)w[i])
#define PROGRESS(i) ((hc_progress *)(intptr_t)w[i])
#define ERROR(i) ((hc_error *)(intptr_t)w[i])
#define N32(i) ((int32_t)w[i])
#define N64(i) (w[i])

/* The functions of headcount.h (FUNCTIONS, names, symbols) and call(), which calls one of them. */
#include "headcount_jni_functions.h"

static void *library;

/* ---- The methods of class NativeMethods ----------------------------------------------------------------- */

static void throw_new(JNIEnv *env, const char *class_name, const char *message) {
    jclass class = (*env)->FindClass(env, class_name);
    if (class != NULL) {
        (*env)->ThrowNew(env, class, message);
    }
}

/* What this library was compiled for: the ABI version and the names of the functions in their order. */
#define TEXT_OF_VALUE(text) #text
#define TEXT_OF(macro) TEXT_OF_VALUE(macro)
#define AFTER_A_SPACE(name) " " #name
static const char contract[] = TEXT_OF(HC_ABI_VERSION) FUNCTIONS(AFTER_A_SPACE);

static jstring JNICALL native_contract(JNIEnv *env, jclass class) {
    (void)class;
    return (*env)->NewStringUTF(env, contract);
}

/* Opens a library by its path, which ends with a zero byte, for find to look in. Null, or what dlopen says. */
static jbyteArray JNICALL native_open(JNIEnv *env, jclass class, jobject path) {
    (void)class;
    void *opened = dlopen((*env)->GetDirectBufferAddress(env, path), RTLD_NOW | RTLD_LOCAL);
    if (opened != NULL) {
        library = opened; /* never closed: a Go runtime cannot be unloaded */
        memset(symbols, 0, sizeof symbols);
        return NULL;
    }
    const char *said = dlerror();
    jsize length = (jsize)strlen(said);
    jbyteArray answer = (*env)->NewByteArray(env, length);
    if (answer != NULL) {
        (*env)->SetByteArrayRegion(env, answer, 0, length, (const jbyte *)said);
    }
    return answer;
}

/* Looks for a function in the library that was opened last. */
static jboolean JNICALL native_find(JNIEnv *env, jclass class, jint function) {
    (void)env, (void)class;
    if (library == NULL || function < 0 || function >= FUNCTION_COUNT) {
        return JNI_FALSE;
    }
    symbols[function] = dlsym(library, names[function]);
    return symbols[function] != NULL;
}

/* Calls a function. words are its arguments in the order of its declaration, each in 8 bytes, a pointer as its address. */
static jint JNICALL native_call(JNIEnv *env, jclass class, jint function, jlong words) {
    (void)class;
    if (function < 0 || function >= FUNCTION_COUNT || symbols[function] == NULL) {
        throw_new(env, "java/lang/IllegalStateException", "headcount: a function is called that was not found");
        return HC_INTERNAL;
    }
    return call(function, (const int64_t *)(intptr_t)words);
}

/* Memory for what a call reads and writes, outside the heap. What is in it is not set. */
static jobject JNICALL native_allocate(JNIEnv *env, jclass class, jint size) {
    (void)class;
    void *memory = malloc(size < 1 ? 1 : (size_t)size);
    if (memory == NULL) {
        throw_new(env, "java/lang/OutOfMemoryError", "headcount: no memory outside the heap for the copies of a call");
        return NULL;
    }
    jobject buffer = (*env)->NewDirectByteBuffer(env, memory, size);
    if (buffer == NULL) {
        free(memory); /* the JVM has thrown why */
    }
    return buffer;
}

/* Where a buffer's memory is. */
static jlong JNICALL native_address(JNIEnv *env, jclass class, jobject buffer) {
    (void)class;
    return (jlong)(intptr_t)(*env)->GetDirectBufferAddress(env, buffer);
}

/* Gives back what allocate gave. */
static void JNICALL native_release(JNIEnv *env, jclass class, jlong address) {
    (void)env, (void)class;
    free((void *)(intptr_t)address);
}

/* The JVM calls this when it has loaded the library. The methods are registered, and not left to be found by name, so
 * that all belong to one library where a class loader has loaded two, of which the first was rejected. */
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *jvm, void *reserved) {
    (void)reserved;
    static const JNINativeMethod methods[] = {
        {"contract", "()Ljava/lang/String;", (void *)native_contract},
        {"open", "(Ljava/nio/ByteBuffer;)[B", (void *)native_open},
        {"find", "(I)Z", (void *)native_find},
        {"call", "(IJ)I", (void *)native_call},
        {"allocate", "(I)Ljava/nio/ByteBuffer;", (void *)native_allocate},
        {"address", "(Ljava/nio/ByteBuffer;)J", (void *)native_address},
        {"release", "(J)V", (void *)native_release},
    };
    JNIEnv *env;
    if ((*jvm)->GetEnv(jvm, (void **)&env, JNI_VERSION_10) != JNI_OK) {
        return JNI_ERR;
    }
    jclass class = (*env)->FindClass(env, "io/github/headcounthll/jni/NativeMethods");
    if (class == NULL || (*env)->RegisterNatives(env, class, methods, sizeof methods / sizeof methods[0]) != JNI_OK) {
        return JNI_ERR; /* the JVM throws what was missing */
    }
    return JNI_VERSION_10;
}
