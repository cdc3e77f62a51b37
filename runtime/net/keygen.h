// SPDX-License-Identifier: Apache-2.0
// Certificates and keys for three parties that one person sets up.
#ifndef MPCC_RUNTIME_NET_KEYGEN_H_
#define MPCC_RUNTIME_NET_KEYGEN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "mpcc/party.h"
#include "runtime/net/tls_context.h"

namespace mpcc {

struct KeygenOptions {
  std::string directory;  // must exist
  int valid_days = 365;
  bool overwrite = false;
};

// Makes a certificate authority and, signed by it, a certificate and an EC P-256 key for each
// party. The authority's own key is forgotten: it can sign nothing more, and a new run replaces
// all parties' files. Each party needs its own three of the seven files: ca.crt, party<i>.crt,
// party<i>.key, all mode 0600.
//
// All or nothing: on an error no file of that run is left. ALREADY_EXISTS names a file that stands
// in the way unless options.overwrite. Returns the paths written.
absl::StatusOr<std::vector<std::string>> GenerateKeys(const KeygenOptions& options);

// Where GenerateKeys puts the files of a party.
TlsFiles KeyFiles(const std::string& directory, PartyId party);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_KEYGEN_H_
