// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_VERIFICATION_REPORT_H_
#define MPCC_TOOLS_VERIFICATION_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "tools/verification.h"

namespace mpcc {

// The sites that are suspect (all with `verbose`), one a line, and how far answers agree.
std::string ReportText(const Verification& verification, bool verbose);

// {"sites": [{node, place, holds, largest, elements, wrapped, near, beyond, deviation, farthest,
// step}], "answers": [{line, result, cosine, largest_difference, values, labels, same_labels,
// near_ties, same_clear_labels}], "least_cosine", "mean_cosine", "largest_difference",
// "same_labels", "near_ties", "same_clear_labels"}; shares as numbers in [0, 1], near ties counted.
nlohmann::json ReportJson(const Verification& verification);

double LeastCosine(const Verification& verification);

}  // namespace mpcc

#endif  // MPCC_TOOLS_VERIFICATION_REPORT_H_
