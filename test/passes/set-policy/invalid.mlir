// Tests the errors for keys and values that no policy has.
// RUN: not mpcc-opt %s -set-policy=policy=tabel-bits=3 2>&1 | FileCheck %s --check-prefix=KEY
// RUN: not mpcc-opt %s -set-policy=policy=table-bits=9 2>&1 | FileCheck %s --check-prefix=VALUE
// RUN: not mpcc-opt %s -set-policy=policy=table-bits 2>&1 | FileCheck %s --check-prefix=NONE

// KEY: error: policy key 'tabel-bits'; accepted: the keys that 'mpcc policy' lists
// VALUE: error: policy table-bits=9; accepted: 0 to 8; remedy: leave it out for 4
// NONE: error: policy table-bits=; accepted: 0 to 8
module {
}
