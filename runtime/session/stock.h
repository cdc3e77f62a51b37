// SPDX-License-Identifier: Apache-2.0
// What P2 has in stock, in numbers and in words.
#ifndef MPCC_RUNTIME_SESSION_STOCK_H_
#define MPCC_RUNTIME_SESSION_STOCK_H_

#include <string>
#include <vector>

#include "mpcc/assistant.h"
#include "runtime/material/material_store.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc::session {

// By program of the plan.
std::vector<StockInfo> StockIn(const std::string& directory, const plan::Plan& plan,
                               const InstanceId& instance, const SpentNumbers& spent);

// That there is no more for a program, what there is for others, and what to do.
std::string OutOfStock(int program, const std::vector<StockInfo>& stock);

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_STOCK_H_
