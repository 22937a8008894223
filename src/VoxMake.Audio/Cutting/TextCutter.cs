using VoxMake.Audio.Timed;

namespace VoxMake.Audio.Cutting;

/// <summary>Cuts a text at the places at which its sound was cut. Whatever stands between two words (marks, spaces) goes with the word before it.</summary>
public static class TextCutter
{
    /// <summary>The part of the text that lies in each piece, trimmed; empty where no word is in it. Put together they are all of the text but for spaces.</summary>
    /// <param name="map">Of the recording.</param>
    /// <param name="words">Those that the map was made of.</param>
    /// <param name="cuts">Where pieces begin, and the recording's length; none inside a word.</param>
    public static string[] Cut(SoundMap map, TimedText words, IReadOnlyList<long> cuts)
    {
        var begins = new int[cuts.Count]; // where the text of each piece begins; the last is the text's end
        var piece = 0;
        foreach (var word in words.Sentences.SelectMany(sentence => sentence.Words))
        {
            var start = map.Own(word.Start, word.End).Start;
            for (; piece + 2 < cuts.Count && start >= cuts[piece + 1]; piece++) begins[piece + 1] = word.At; // never back: a text is read in one direction
        }
        for (piece++; piece < cuts.Count; piece++) begins[piece] = words.Text.Length;
        if (words.Sentences.Sum(sentence => sentence.Words.Count) > 0) LeadingBelongsToFirstWord(words, begins);
        var texts = new string[cuts.Count - 1];
        for (var i = 0; i < texts.Length; i++) texts[i] = words.Text[begins[i]..begins[i + 1]].Trim();
        return texts;
    }

    /// <summary>What stands before the first word goes with it, and not with pieces before it in which nobody speaks.</summary>
    private static void LeadingBelongsToFirstWord(TimedText words, int[] begins)
    {
        var first = words.Sentences.First(sentence => sentence.Words.Count > 0).Words[0].At;
        for (var i = 1; i < begins.Length - 1 && begins[i] == first; i++) begins[i] = 0;
    }
}
