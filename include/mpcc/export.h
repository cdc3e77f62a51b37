// SPDX-License-Identifier: Apache-2.0
// What libmpcc shows; all else in it is hidden.
#ifndef MPCC_EXPORT_H_
#define MPCC_EXPORT_H_

#define MPCC_EXPORT __attribute__((visibility("default")))

#endif  // MPCC_EXPORT_H_
