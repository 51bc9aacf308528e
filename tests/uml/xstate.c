// Lets a User-Mode-Linux kernel older than 6.13 run where the processor has more registers than it has room for (AMX):
// it reads the first part of a process's extended registers, and the host takes them back as a whole only. What it does
// not know of is put back as it was.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

static char whole[65536] __attribute__((aligned(64)));

long ptrace(enum __ptrace_request request, ...)
{
    static long (*real)(int, ...);
    va_list arguments;
    va_start(arguments, request);
    int pid = va_arg(arguments, int);
    void *address = va_arg(arguments, void *);
    void *data = va_arg(arguments, void *);
    va_end(arguments);
    if (!real)
        real = (long (*)(int, ...))dlsym(RTLD_NEXT, "ptrace");
    struct iovec *part = data;
    if (request == PTRACE_SETREGSET && (long)address == NT_X86_XSTATE && part->iov_len < sizeof(whole)) {
        struct iovec all = { whole, sizeof(whole) };
        if (real(PTRACE_GETREGSET, pid, address, &all) == 0 && part->iov_len < all.iov_len) {
            memcpy(whole, part->iov_base, part->iov_len);
            return real(PTRACE_SETREGSET, pid, address, &all);
        }
    }
    return real(request, pid, address, data);
}
