// SPDX-License-Identifier: Apache-2.0
// The page of `mpcc report`, as it stands beside this file.
#ifndef MPCC_TOOLS_REPORT_PAGE_H_
#define MPCC_TOOLS_REPORT_PAGE_H_

namespace mpcc {

// HTML with a place for each of the others: {{policy}}, {{style}}, {{data}}, {{script}}.
extern const char kReportPage[];
extern const char kReportStyle[];
extern const char kReportScript[];

}  // namespace mpcc

#endif  // MPCC_TOOLS_REPORT_PAGE_H_
