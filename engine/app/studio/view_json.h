#pragma once
// The view in session files: each member by the name that scenes use for it, where they have one.

#include <string>
#include <vector>

#include "engine/stage/view_state.h"
#include "trainer/base/json.h"
#include "trainer/base/result.h"

namespace fl {

// `aspect`: width over height of the landscape's part of the picture, which a framed camera is fitted to.
[[nodiscard]] Json::Object view_members(const ViewState& view, float aspect);

// The members of `now` that `before` lacks or has with another value.
[[nodiscard]] Json::Object changed_members(const Json::Object& before, const Json::Object& now);

// The members that keys of a scene decide, which were given as overrides ("camera.yaw=20"). Error: the key
// that decides none.
Result<std::vector<std::string>> members_of_keys(const std::vector<std::string>& overrides);
[[nodiscard]] Json::Object without_members(const Json::Object& all, const std::vector<std::string>& names);

// Sets what `members` names. Errors: an unknown member, or a value that it cannot have.
Result<void> set_view(const Json& members, ViewState& view, float& aspect);

}  // namespace fl
