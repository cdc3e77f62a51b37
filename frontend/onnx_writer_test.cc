// SPDX-License-Identifier: Apache-2.0
#include "frontend/onnx_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "frontend/onnx_reader.h"
#include "frontend/test_models.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::Pair;

class OnnxWriter : public testing::Test {
 protected:
  OnnxWriter() {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "other");
    onnx::ModelProto model = EmptyModel();
    AddNode(model, "Add", "add", {"x", "c"}, "y");
    SetOutput(model, "y");
    auto* tensor = AddTensor(model, "c", onnx::TensorProto::FLOAT, {1}, "");
    tensor->set_data_location(onnx::TensorProto::EXTERNAL);
    auto* location = tensor->add_external_data();
    location->set_key("location");
    location->set_value("weights.bin");
    auto* entry = model.add_metadata_props();
    entry->set_key("mpcc.range:gone");
    entry->set_value("1");
    model.add_metadata_props()->set_key("author");
    std::ofstream(folder_ / "weights.bin") << "1234";
    std::ofstream file(in_, std::ios::binary);
    model.SerializeToOstream(&file);
  }

  std::vector<std::pair<std::string, std::string>> Metadata(const fs::path& path) {
    std::vector<std::pair<std::string, std::string>> found;
    auto model = ReadOnnx(path.string(), problems_);
    for (const auto& property : model->metadata_props())
      found.emplace_back(property.key(), property.value());
    return found;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / "onnx_writer";
  const std::string in_ = (folder_ / "model.onnx").string();
  Problems problems_;
};

TEST_F(OnnxWriter, RangesReplaceThoseOfTheFileRoundedUp) {
  const std::string out = (folder_ / "out.onnx").string();
  ASSERT_TRUE(WriteRanges(in_, {{"y", 1.2341}, {"z", 0}, {"w", 196.4}}, out, problems_));
  EXPECT_THAT(Metadata(out), ElementsAre(Pair("author", ""), Pair("mpcc.range:w", "197"),
                                         Pair("mpcc.range:y", "1.24"), Pair("mpcc.range:z", "0")));
}

TEST_F(OnnxWriter, MayReplaceItsOwnFile) {
  ASSERT_TRUE(WriteRanges(in_, {{"y", 2}}, in_, problems_));
  EXPECT_THAT(Metadata(in_), ElementsAre(Pair("author", ""), Pair("mpcc.range:y", "2")));
}

TEST_F(OnnxWriter, ExternalDataFollowsIntoAnotherFolder) {
  const fs::path out = folder_ / "other" / "out.onnx";
  ASSERT_TRUE(WriteRanges(in_, {{"y", 2}}, out.string(), problems_));
  EXPECT_THAT(Metadata(out), ElementsAre(Pair("author", ""), Pair("mpcc.range:y", "2")));
  EXPECT_TRUE(problems_.empty());
}

TEST_F(OnnxWriter, DoesNotOverwriteOtherData) {
  std::ofstream(folder_ / "other" / "weights.bin") << "5678";
  const fs::path out = folder_ / "other" / "out.onnx";
  EXPECT_FALSE(WriteRanges(in_, {{"y", 2}}, out.string(), problems_));
  ASSERT_EQ(problems_.size(), 1u);
  EXPECT_EQ(problems_[0].found, "a data file with other contents in its place");
  EXPECT_FALSE(fs::exists(out));
}

TEST_F(OnnxWriter, NothingIsLeftWhereNothingCanBeWritten) {
  EXPECT_FALSE(WriteRanges(in_, {}, (folder_ / "missing" / "out.onnx").string(), problems_));
  EXPECT_EQ(problems_.size(), 1u);
}

}  // namespace
}  // namespace mpcc
