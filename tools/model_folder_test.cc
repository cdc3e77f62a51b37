// SPDX-License-Identifier: Apache-2.0
#include "tools/model_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace mpcc {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ModelFolderTest : public testing::Test {
 protected:
  ModelFolderTest() : path_(fs::path(testing::TempDir()) / "a-model") {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }

  void Write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }

  // Modules after the network, the first with this configuration.
  void WriteModules(const std::vector<std::string>& kinds, const std::string& pooling) const {
    nlohmann::json modules = nlohmann::json::array();
    for (const std::string& kind : kinds)
      modules.push_back({{"path", kind == "Pooling" ? "1_Pooling" : ""},
                         {"type", "sentence_transformers.models." + kind}});
    Write("modules.json", modules.dump());
    Write("1_Pooling/config.json", pooling);
  }

  ModelFolder Read() const { return *ReadModelFolder(path_.string()); }
  std::string Chosen(const std::string& file = "") const {
    return fs::path(*ChooseModel(Read(), file)).lexically_relative(path_).string();
  }
  std::string Refusal(const std::string& file = "") const {
    return std::string(ChooseModel(Read(), file).status().message());
  }

  const fs::path path_;
};

TEST_F(ModelFolderTest, ModulesSayWhatFollowsTheNetwork) {
  WriteModules({"Transformer", "Pooling", "Normalize"},
               R"({"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false})");
  Write("sentence_bert_config.json", R"({"max_seq_length": 256, "do_lower_case": true})");
  const ModelFolder folder = Read();
  EXPECT_EQ(folder.pooling, "cls");
  EXPECT_TRUE(folder.normalizes && folder.others.empty() && folder.lower_case);
  EXPECT_EQ(folder.longest, 256);
}

TEST_F(ModelFolderTest, PoolingsAreCalledAsSentenceTransformersCallsThem) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"pooling_mode_max_tokens": true})", "max"},
      {R"({"pooling_mode_mean_sqrt_len_tokens": true})", "mean_sqrt_len_tokens"},
      {R"({"pooling_mode_cls_token": true, "pooling_mode_max_tokens": true})", "cls+max"},
      {R"({"pooling_mode": "mean"})", "mean"},
      {R"({"pooling_mode_mean_tokens": "yes"})", "unknown"},
      {"[]", "unknown"}};
  for (const auto& [config, name] : cases) {
    WriteModules({"Transformer", "Pooling"}, config);
    EXPECT_EQ(Read().pooling, name) << config;
  }
}

TEST_F(ModelFolderTest, ModulesOfOtherKindsAreNamed) {
  WriteModules({"Transformer", "Pooling", "Dropout", "Dense", "Normalize"},
               R"({"pooling_mode_mean_tokens": true})");
  EXPECT_THAT(Read().others, testing::ElementsAre("Dense"));
  WriteModules({"Transformer", "Normalize", "Pooling"}, "{}");
  EXPECT_THAT(Read().others, testing::ElementsAre("Normalize"));
}

TEST_F(ModelFolderTest, AFolderOfTransformersHasNoModules) {
  Write("config.json", "{}");
  EXPECT_FALSE(Read().has_modules());
  EXPECT_EQ(*TokenizerOf(Read()), "");
}

TEST_F(ModelFolderTest, FilesThatAreNoJsonAreNamed) {
  Write("modules.json", "[");
  EXPECT_THAT(std::string(ReadModelFolder(path_.string()).status().message()),
              HasSubstr("modules.json: no JSON"));
  Write("modules.json", R"([{"type": 3}, 4])");
  EXPECT_EQ(Read().others.size(), 2u);
}

TEST_F(ModelFolderTest, TheUsualFileIsTakenAndTheOnlyOne) {
  Write("onnx/model_O3.onnx", "");
  EXPECT_EQ(Chosen(), "onnx/model_O3.onnx");
  Write("onnx/model_quantized.onnx", "");
  EXPECT_EQ(Chosen(), "onnx/model_quantized.onnx");
  Write("onnx/model.onnx", "");
  EXPECT_EQ(Chosen(), "onnx/model.onnx");
  EXPECT_EQ(Chosen("onnx/model_O3.onnx"), "onnx/model_O3.onnx");
}

TEST_F(ModelFolderTest, WhatIsToBeNamedIsListed) {
  EXPECT_THAT(Refusal(), HasSubstr("export the model to ONNX"));
  Write("onnx/model_O3.onnx", "");
  Write("onnx/model_O4.onnx", "");
  EXPECT_THAT(Refusal(), HasSubstr("with --file: onnx/model_O3.onnx, onnx/model_O4.onnx"));
  EXPECT_THAT(Refusal("onnx/other.onnx"), HasSubstr("has no --file=onnx/other.onnx"));
  Write("party0.plan", "");
  EXPECT_THAT(Refusal(), HasSubstr("it holds plans"));
}

TEST_F(ModelFolderTest, TheTokenizerLowersWhereTheFolderSaysSo) {
  const auto normalizer = [&](const std::string& own) {
    Write("tokenizer.json", R"({"normalizer": )" + own + "}");
    return nlohmann::json::parse(*TokenizerOf(Read()))["normalizer"];
  };
  const std::string own = R"({"type": "NFC"})", lowers = R"({"type": "Bert", "lowercase": true})";
  EXPECT_EQ(normalizer(own), nlohmann::json::parse(own));
  Write("sentence_bert_config.json", R"({"do_lower_case": true})");
  const nlohmann::json lower = {{"type", "Lowercase"}};
  EXPECT_EQ(normalizer(own)["normalizers"],
            nlohmann::json::array({lower, nlohmann::json::parse(own)}));
  EXPECT_EQ(normalizer("null")["normalizers"], nlohmann::json::array({lower}));
  EXPECT_EQ(normalizer(lowers), nlohmann::json::parse(lowers));
}

}  // namespace
}  // namespace mpcc
