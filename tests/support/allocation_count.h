#pragma once
// Counts calls of operator new in the programs that link allocation_count.cpp.

namespace fl::test {

int allocation_count();

}  // namespace fl::test
