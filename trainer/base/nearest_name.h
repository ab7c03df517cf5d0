#pragma once
// What somebody meant who wrote a name that is not known: a slip of the hand, or the word that other tools have for
// the same thing.

#include <string>
#include <string_view>
#include <vector>

namespace fl {

// The candidate that is the same but for case, "_" and "-"; else the one that other frameworks call `name`; else
// the one with the smallest edit distance (Levenshtein 1966). Empty if there is none.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

// The end of an error's sentence: "did you mean \"rate\"?"; where nothing is near, what there is: "choose one of a,
// b and c." Precondition: there is a candidate.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace fl
