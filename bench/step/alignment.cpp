// Monotonic alignment search (Kim et al. 2020, Glow-TTS, section 3.2) for peer.py: what Python alone would be too slow for.
// scores: [batch, frames, tokens], overwritten with sums of partial paths; path: the same shape, zeros.
#include <algorithm>
#include <cstdint>

extern "C" void search(float* scores, float* path, const int64_t* frames, const int64_t* tokens, int64_t batch, int64_t height, int64_t width) {
  const float never = -1e9f;
#pragma omp parallel for
  for (int64_t item = 0; item < batch; item++) {
    float* sum = scores + item * height * width;
    float* on = path + item * height * width;
    const int64_t rows = frames[item], columns = tokens[item];
    for (int64_t y = 1; y < rows; y++)
      for (int64_t x = std::max<int64_t>(0, columns + y - rows); x < std::min(columns, y + 1); x++) {
        const float stay = x == y ? never : sum[(y - 1) * width + x];
        const float advance = x == 0 ? never : sum[(y - 1) * width + x - 1];
        sum[y * width + x] += std::max(stay, advance);
      }
    int64_t x = columns - 1;
    for (int64_t y = rows - 1; y >= 0; y--) {
      on[y * width + x] = 1;
      if (x != 0 && (x == y || sum[(y - 1) * width + x] < sum[(y - 1) * width + x - 1])) x--;
    }
  }
}
