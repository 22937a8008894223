using System.Text;

namespace VoxMake.Report.Rows;

/// <summary>Which characters the data set's texts are written in, and which of them the voice will hardly hear.</summary>
internal sealed class Alphabet
{
    /// <summary>A character that stands in fewer clips is rare: the voice cannot learn it well.</summary>
    public const int RareBelow = 3;

    private readonly Dictionary<Rune, Use> _uses = [];
    private readonly HashSet<Rune> _inThisClip = [];

    /// <summary>Clips with a text.</summary>
    public long Clips { get; private set; }

    public void Add(string id, string text)
    {
        Clips++;
        _inThisClip.Clear();
        foreach (var rune in text.EnumerateRunes())
        {
            if (!_uses.TryGetValue(rune, out var use)) _uses[rune] = use = new Use(rune);
            use.Times++;
            if (!_inThisClip.Add(rune)) continue;
            if (++use.Clips < RareBelow) use.In.Add(id);
        }
    }

    /// <summary>All characters, the most used first.</summary>
    public IReadOnlyList<Use> Characters => [.. _uses.Values.OrderByDescending(use => use.Clips).ThenByDescending(use => use.Times).ThenBy(use => use.Character.Value)];

    /// <summary>One character.</summary>
    internal sealed class Use(Rune character)
    {
        public Rune Character => character;
        public long Times { get; set; }
        public long Clips { get; set; }
        public bool Rare => Clips < RareBelow;

        /// <summary>The first clips it stands in: all of them where it is rare.</summary>
        public List<string> In { get; } = [];
    }
}
