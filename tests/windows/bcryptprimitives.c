/* Wine before 9 lacks bcryptprimitives.dll, from which Rust takes its random numbers. This stands in for it, beside the program. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID data, ULONG size);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
    return SystemFunction036(data, (ULONG)size);
}
