#pragma once
// The scene's [data] table: one row a key.

#include "trainer/data/dataset.h"
#include "trainer/scene/key_table.h"

namespace fl {

const KeyTable<DataSpec>& data_keys();

}  // namespace fl
