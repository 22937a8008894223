using System.Runtime.CompilerServices;

namespace VoxMake.Report.Rows;

/// <summary>What all stages together say of one clip. There may be a million: it stays small and holds no text but the id.</summary>
internal struct Clip
{
    public required string Id;

    /// <summary>Index of the recording it was cut from; -1 where it was not cut.</summary>
    public int Parent;

    /// <summary>Pieces that it was cut into; a clip without any is a leaf, and only leaves are counted as clips.</summary>
    public int Pieces;

    /// <summary>Length that the earliest stage told, before anything was trimmed; microseconds.</summary>
    public long Source;

    /// <summary>Length that the latest stage told; microseconds.</summary>
    public long Final;

    public byte SourceRank, FinalRank;

    /// <summary>The latest accepted row that told its text; <see cref="Never"/> where none did.</summary>
    public byte TextRank;

    /// <summary>The latest stage at which it was well; <see cref="Never"/> where at none.</summary>
    public byte OkRank;

    /// <summary>The earliest stage that rejected it; <see cref="Never"/> where none did.</summary>
    public byte RejectRank;

    /// <summary>That stage failed rather than rejected it.</summary>
    public bool Failed;

    /// <summary>It is in the data set.</summary>
    public bool Kept;

    /// <summary>Number of the reason in <see cref="ClipLedger.Reasons"/>.</summary>
    public int Reason;

    public Told Speaker, Language, Licence, Split;
    public Measures Measured;

    public const byte Never = 255;

    public static Clip New(string id) => new()
    {
        Id = id, Parent = -1, Source = Length.Unknown, Final = Length.Unknown, OkRank = Never, RejectRank = Never, TextRank = Never, Reason = Names.None,
        Speaker = Told.Nothing, Language = Told.Nothing, Licence = Told.Nothing, Split = Told.Nothing, Measured = Measures.Nothing,
    };
}

/// <summary>A name that a stage told of a clip: the latest stage counts.</summary>
internal struct Told
{
    public int Name;
    public byte Rank;

    public static Told Nothing => new() { Name = Names.None };

    public void Tell(int name, byte rank)
    {
        if (Name == Names.None || rank >= Rank) (Name, Rank) = (name, rank);
    }
}

/// <summary>What was measured of a clip, in the order of <see cref="Measure.Columns"/>.</summary>
[InlineArray(Measure.Count)]
internal struct Measures
{
    private Reading _first;

    public static Measures Nothing
    {
        get
        {
            var measures = new Measures();
            ((Span<Reading>)measures).Fill(new Reading { Value = float.NaN });
            return measures;
        }
    }
}

/// <summary>A value that a stage measured; NaN where none did. The earliest stage counts: it saw the signal untouched.</summary>
internal struct Reading
{
    public float Value;
    public byte Rank;

    public void Tell(double value, byte rank)
    {
        if (float.IsNaN(Value) || rank < Rank) (Value, Rank) = ((float)value, rank);
    }
}
