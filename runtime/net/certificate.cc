// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/certificate.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <utility>
#include <vector>

#include "runtime/base/status_macros.h"
#include "runtime/crypto/openssl_error.h"

namespace mpcc {
namespace {

using Extensions = std::vector<std::pair<int, std::string>>;

// Clocks of three machines differ: valid a little before now.
constexpr long kClockSkewSeconds = 3600;
constexpr long kDaySeconds = 24 * 3600;

bool SetSerial(X509* certificate) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> serial(BN_new(), &BN_free);
  return serial != nullptr && BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool SetSubject(X509* certificate, const std::string& name) {
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                                    0) == 1;
}

bool AddExtensions(X509* certificate, X509* issuer, const Extensions& extensions) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const auto& [nid, value] : extensions) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    if (extension == nullptr) return false;
    const bool added = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    if (!added) return false;
  }
  return true;
}

// Signs with the issuer, or with itself when `issuer` is null.
absl::StatusOr<Identity> Make(const std::string& name, const Identity* issuer, int valid_days,
                              const Extensions& extensions) {
  Identity made{KeyPtr(EVP_EC_gen("P-256")), CertificatePtr(X509_new())};
  X509* certificate = made.certificate.get();
  X509* signer = issuer != nullptr ? issuer->certificate.get() : certificate;
  EVP_PKEY* signer_key = issuer != nullptr ? issuer->key.get() : made.key.get();
  const bool ok = made.key != nullptr && certificate != nullptr &&
                  X509_set_version(certificate, X509_VERSION_3) && SetSerial(certificate) &&
                  SetSubject(certificate, name) &&
                  X509_set_issuer_name(certificate, X509_get_subject_name(signer)) &&
                  X509_gmtime_adj(X509_getm_notBefore(certificate), -kClockSkewSeconds) &&
                  X509_gmtime_adj(X509_getm_notAfter(certificate), valid_days * kDaySeconds) &&
                  X509_set_pubkey(certificate, made.key.get()) &&
                  AddExtensions(certificate, signer, extensions) &&
                  X509_sign(certificate, signer_key, EVP_sha256()) != 0;
  if (!ok) return OpensslError(fmt::format("making the certificate '{}'", name));
  return made;
}

template <typename Write>
absl::StatusOr<SecureBuffer> Pem(Write write) {
  const std::unique_ptr<BIO, FreeOpenssl> bio(BIO_new(BIO_s_secmem()));
  if (bio == nullptr || write(bio.get()) != 1) return OpensslError("writing pem");
  const uint8_t* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return SecureBuffer::CopyOf({data, static_cast<size_t>(size)});
}

}  // namespace

absl::StatusOr<Identity> MakeAuthority(const std::string& name, int valid_days) {
  return Make(name, nullptr, valid_days,
              {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
               {NID_key_usage, "critical,keyCertSign,cRLSign"},
               {NID_subject_key_identifier, "hash"}});
}

absl::StatusOr<Identity> MakeSigned(const std::string& name, const Identity& authority,
                                    int valid_days) {
  return Make(name, &authority, valid_days,
              {{NID_basic_constraints, "critical,CA:FALSE"},
               {NID_key_usage, "critical,digitalSignature"},
               {NID_ext_key_usage, "serverAuth,clientAuth"},
               {NID_subject_alt_name, "DNS:" + name},
               {NID_subject_key_identifier, "hash"},
               {NID_authority_key_identifier, "keyid:always"}});
}

absl::StatusOr<SecureBuffer> CertificatePem(const X509* certificate) {
  return Pem([&](BIO* bio) { return PEM_write_bio_X509(bio, const_cast<X509*>(certificate)); });
}

absl::StatusOr<SecureBuffer> KeyPem(const EVP_PKEY* key) {
  return Pem([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, const_cast<EVP_PKEY*>(key), nullptr, nullptr, 0,
                                         nullptr, nullptr);
  });
}

}  // namespace mpcc
