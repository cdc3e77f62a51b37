# SPDX-License-Identifier: Apache-2.0
"""Small files of the kinds that users bring: families x exporters x quantizers, and their test."""
