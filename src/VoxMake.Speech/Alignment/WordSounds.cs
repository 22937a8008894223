using VoxMake.Text.Espeak;

namespace VoxMake.Speech.Alignment;

/// <summary>Which stretches of espeak-ng's speech belong to which written word.</summary>
internal static class WordSounds
{
    /// <summary>A pause of espeak-ng's that is longer is left out; shorter ones are the closures of stops.</summary>
    private const int LongestClosureMilliseconds = 100;

    /// <param name="starts">Where each word begins in <paramref name="text"/>, in order.</param>
    /// <returns>For each word its stretches in samples, in order; none for a word that is not spoken.</returns>
    public static IReadOnlyList<IReadOnlyList<(int Start, int End)>> Of(EspeakUtterance spoken, string text, int[] starts)
    {
        var words = starts.Select(_ => new List<EspeakSound>()).ToArray();
        var longest = spoken.SampleRate * LongestClosureMilliseconds / 1000;
        foreach (var sound in spoken.Sounds)
        {
            if (sound.Ipa.Length == 0 && sound.End - sound.Start > longest) continue;
            var word = Array.BinarySearch(starts, sound.At);
            if (word < 0) word = ~word - 1;
            if (word >= 0) words[word].Add(sound);
        }
        foreach (var sounds in words)
            while (sounds.Count > 0 && sounds[^1].Ipa.Length == 0) sounds.RemoveAt(sounds.Count - 1);
        for (var word = 0; word < words.Length; word++) ShareOut(words, word, text, starts);
        return [.. words.Select(sounds => Stretches(sounds, longest))];
    }

    /// <summary>espeak-ng speaks some pairs as one word (<c>of the</c>), under the first one's name: words without sounds get their share of the sounds of the one before, by letters.</summary>
    private static void ShareOut(List<EspeakSound>[] words, int word, string text, int[] starts)
    {
        var next = word + 1;
        while (next < words.Length && words[next].Count == 0) next++;
        if (words[word].Count < next - word || next == word + 1) return;
        var sounds = words[word];
        var letters = Enumerable.Range(word, next - word).Select(i => Letters(text, starts, i)).ToArray();
        var (total, before) = (letters.Sum(), 0);
        if (total == 0) return;
        for (var i = 0; i < letters.Length; i++)
        {
            var from = Math.Clamp((int)Math.Round(sounds.Count * before / (double)total), i, sounds.Count - letters.Length + i);
            before += letters[i];
            var to = Math.Clamp((int)Math.Round(sounds.Count * before / (double)total), i + 1, sounds.Count - letters.Length + i + 1);
            words[word + i] = sounds[from..Math.Max(from + 1, to)];
        }
    }

    private static int Letters(string text, int[] starts, int word)
    {
        var end = starts[word];
        while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
        return Math.Max(1, text[starts[word]..end].Count(char.IsLetterOrDigit));
    }

    private static List<(int, int)> Stretches(List<EspeakSound> sounds, int longest)
    {
        var stretches = new List<(int Start, int End)>();
        foreach (var sound in sounds)
        {
            if (stretches.Count > 0 && sound.Start - stretches[^1].End <= longest) stretches[^1] = (stretches[^1].Start, sound.End);
            else stretches.Add((sound.Start, sound.End));
        }
        return stretches;
    }
}
