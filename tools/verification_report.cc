// SPDX-License-Identifier: Apache-2.0
#include "tools/verification_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "passes/lower/marks.h"

namespace mpcc {
namespace {

constexpr double kSuspectBeyond = 5e-3;  // of the values before a quantizer
constexpr double kSuspectSteps = 8;      // root mean square deviation
constexpr size_t kWorstAnswers = 3;

double Share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// At an operand `holds` is the ring, which says little; in steps the deviation says more.
bool IsOperand(const Site& site) { return site.place == kOperandPlace.str(); }

bool IsSuspect(const Site& site) {
  if (site.wrapped > 0 || site.clipping.Share() > kSuspectBeyond) return true;
  return IsOperand(site) ? site.step > 0 && site.Deviation() > kSuspectSteps * site.step
                         : site.near > 0;
}

std::string LineOf(const Site& site) {
  std::string text = fmt::format("  {} ({}): largest {:.4g} of {:.4g}", site.node, site.place,
                                 site.largest, site.holds);
  if (site.wrapped > 0)
    text += fmt::format(", {:.3g} % wrapped", 100 * Share(site.wrapped, site.elements));
  if (site.near > 0)
    text += fmt::format(", {:.3g} % near the edge", 100 * Share(site.near, site.elements));
  if (site.clipping.beyond > 0)
    text += fmt::format(", {:.3g} % beyond the quantizer", 100 * site.clipping.Share());
  if (site.step > 0)
    text += fmt::format(", {:.4g} % equal", 100 * Share(site.equal, site.elements));
  if (site.farther > 0) text += fmt::format(", {} off by more than one", site.farther);
  const double scale = site.step > 0 ? site.step : 1;
  return text + fmt::format(", deviation {:.3g}, at most {:.3g}{}\n", site.Deviation() / scale,
                            site.farthest / scale, site.step > 0 ? " steps" : "");
}

double MeanCosine(const Verification& verification) {
  double sum = 0;
  for (const Agreement& a : verification.agreements) sum += a.cosine;
  return verification.agreements.empty()
             ? 1
             : sum / static_cast<double>(verification.agreements.size());
}

double LargestDifference(const Verification& verification) {
  double largest = 0;
  for (const Agreement& a : verification.agreements)
    largest = std::max(largest, a.largest_difference);
  return largest;
}

// All integers of quantizers.
struct Integers {
  int64_t all = 0, equal = 0, farther = 0;
};

Integers IntegersOf(const Verification& verification) {
  Integers sum;
  for (const auto& [key, site] : verification.sites) {
    if (site.step <= 0) continue;
    sum.all += site.elements;
    sum.equal += site.equal;
    sum.farther += site.farther;
  }
  return sum;
}

struct Labels {
  int64_t all = 0, same = 0, near_ties = 0, same_clear = 0;
};

Labels LabelsOf(const Verification& verification) {
  Labels sum;
  for (const Agreement& a : verification.agreements) {
    sum.all += a.labels;
    sum.same += a.same_labels;
    sum.near_ties += a.near_ties;
    sum.same_clear += a.same_clear_labels;
  }
  return sum;
}

std::string LabelText(const Labels& labels) {
  if (labels.all == 0) return "";
  std::string text = fmt::format("; {} of {} labels the same", labels.same, labels.all);
  if (labels.near_ties > 0)
    text += fmt::format(", {} of {} without the near ties of the file", labels.same_clear,
                        labels.all - labels.near_ties);
  return text;
}

std::string WorstAnswers(const Verification& verification) {
  std::vector<Agreement> sorted = verification.agreements;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.cosine < b.cosine; });
  std::string text;
  for (size_t i = 0; i < std::min(kWorstAnswers, sorted.size()); ++i)
    text += fmt::format("  least: {:.4f}, line {}, {}\n", sorted[i].cosine, sorted[i].line,
                        sorted[i].result);
  return text;
}

nlohmann::json SiteJson(const Site& site) {
  return {{"node", site.node},
          {"place", site.place},
          {"holds", site.holds},
          {"step", site.step},
          {"largest", site.largest},
          {"elements", site.elements},
          {"wrapped", Share(site.wrapped, site.elements)},
          {"near", Share(site.near, site.elements)},
          {"equal", Share(site.equal, site.elements)},
          {"farther", Share(site.farther, site.elements)},
          {"beyond", site.clipping.Share()},
          {"deviation", site.Deviation()},
          {"farthest", site.farthest}};
}

nlohmann::json AnswerJson(const Agreement& answer) {
  return {{"line", answer.line},           {"result", answer.result},
          {"cosine", answer.cosine},       {"largest_difference", answer.largest_difference},
          {"labels", answer.labels},       {"same_labels", answer.same_labels},
          {"near_ties", answer.near_ties}, {"same_clear_labels", answer.same_clear_labels},
          {"values", answer.values}};
}

}  // namespace

double LeastCosine(const Verification& verification) {
  double least = 1;
  for (const Agreement& a : verification.agreements) least = std::min(least, a.cosine);
  return least;
}

std::string ReportText(const Verification& verification, bool verbose) {
  std::string lines;
  size_t suspect = 0;
  for (const auto& [key, site] : verification.sites) {
    suspect += IsSuspect(site);
    if (verbose || IsSuspect(site)) lines += LineOf(site);
  }
  std::string text = fmt::format("{} sites, {} suspect{}\n{}", verification.sites.size(), suspect,
                                 verbose || suspect == 0 ? "" : ":", lines);
  if (const Integers integers = IntegersOf(verification); integers.all > 0)
    text += fmt::format(
        "{} integers behind quantizers: {:.4g} % equal, {:.3g} % off by more than one\n",
        integers.all, 100 * Share(integers.equal, integers.all),
        100 * Share(integers.farther, integers.all));
  text += fmt::format("{} answers: cosine least {:.4f}, mean {:.4f}; largest difference {:.4g}",
                      verification.agreements.size(), LeastCosine(verification),
                      MeanCosine(verification), LargestDifference(verification));
  return text + LabelText(LabelsOf(verification)) + "\n" + WorstAnswers(verification);
}

nlohmann::json ReportJson(const Verification& verification) {
  nlohmann::json sites = nlohmann::json::array(), answers = nlohmann::json::array();
  for (const auto& [key, site] : verification.sites) sites.push_back(SiteJson(site));
  for (const Agreement& answer : verification.agreements) answers.push_back(AnswerJson(answer));
  const Labels labels = LabelsOf(verification);
  const int64_t clear = labels.all - labels.near_ties;
  const Integers integers = IntegersOf(verification);
  return {{"sites", sites},
          {"integers", integers.all},
          {"equal", Share(integers.equal, integers.all)},
          {"farther", Share(integers.farther, integers.all)},
          {"answers", answers},
          {"least_cosine", LeastCosine(verification)},
          {"mean_cosine", MeanCosine(verification)},
          {"largest_difference", LargestDifference(verification)},
          {"same_labels", labels.all == 0 ? 1.0 : Share(labels.same, labels.all)},
          {"near_ties", labels.near_ties},
          {"same_clear_labels", clear == 0 ? 1.0 : Share(labels.same_clear, clear)}};
}

}  // namespace mpcc
