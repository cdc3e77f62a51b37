// SPDX-License-Identifier: Apache-2.0
// What a machine has and lacks to be a party, with remedies: nothing is changed, nobody is asked.
#ifndef MPCC_TOOLS_DOCTOR_H_
#define MPCC_TOOLS_DOCTOR_H_

#include <string>
#include <vector>

namespace mpcc {

enum class Verdict { kFine, kSuspect, kWrong };

struct Finding {
  Verdict verdict = Verdict::kFine;
  std::string topic, found;
  std::string remedy{};  // of what is not fine
};
using Findings = std::vector<Finding>;

Findings ExamineVersions();
// What makes runs fast; without it they are slow, and the same.
Findings ExamineInstructionSets();
// Certificates are valid for a time, so the clock must be about right.
Findings ExamineClock();
// Of the parties whose files are in a folder as `mpcc keygen` makes it: whole, private, valid now
// and for a month.
Findings ExamineKeys(const std::string& directory);
// A party's state: private, free of other processes, with room.
Findings ExamineState(const std::string& directory);
// Whether somebody can listen at "host:port" now.
Findings ExamineListening(const std::string& endpoint);
// Whether the host of "host:port" has an address.
Findings ExaminePeer(const std::string& endpoint);

// A line for each, with its remedy below it.
std::string ToText(const Findings& findings);
bool AnyWrong(const Findings& findings);

}  // namespace mpcc

#endif  // MPCC_TOOLS_DOCTOR_H_
