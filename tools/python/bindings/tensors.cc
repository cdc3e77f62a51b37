// SPDX-License-Identifier: Apache-2.0
#include "tools/python/bindings/tensors.h"

#include <fmt/format.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <memory>

namespace mpcc::python {
namespace {

using Array = nb::ndarray<nb::ro, nb::c_contig, nb::device::cpu>;

template <typename T>
std::vector<T> Elements(const Array& array) {
  const T* first = static_cast<const T*>(array.data());
  return {first, first + array.size()};
}

Tensor TensorOf(const std::string& name, const nb::handle& value) {
  Array array;
  if (!nb::try_cast(value, array) ||
      (array.dtype() != nb::dtype<int64_t>() && array.dtype() != nb::dtype<float>()))
    Check(absl::InvalidArgumentError(
        fmt::format("input \"{}\" is no contiguous array of int64 or float32", name)));
  Tensor tensor;
  for (size_t axis = 0; axis < array.ndim(); ++axis)
    tensor.shape.push_back(static_cast<uint32_t>(array.shape(axis)));
  if (array.dtype() == nb::dtype<float>())
    tensor.values = Elements<float>(array);
  else
    tensor.values = Elements<int64_t>(array);
  return tensor;
}

template <typename T>
nb::object ArrayOf(const std::vector<uint32_t>& shape, std::vector<T> values) {
  auto owned = std::make_unique<std::vector<T>>(std::move(values));
  T* data = owned->data();
  const nb::capsule owner(owned.release(),
                          [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  const std::vector<size_t> extents(shape.begin(), shape.end());
  return nb::cast(nb::ndarray<nb::numpy, T>(data, extents.size(), extents.data(), owner));
}

}  // namespace

NamedTensors TensorsOf(const nb::dict& arrays) {
  NamedTensors tensors;
  for (const auto& [name, value] : arrays) {
    const auto text = nb::cast<std::string>(name);
    tensors[text] = TensorOf(text, value);
  }
  return tensors;
}

nb::dict ArraysOf(NamedTensors&& tensors) {
  nb::dict arrays;
  for (auto& [name, tensor] : tensors)
    std::visit([&, key = name.c_str(), &shape = tensor.shape](
                   auto& values) { arrays[key] = ArrayOf(shape, std::move(values)); },
               tensor.values);
  return arrays;
}

}  // namespace mpcc::python
