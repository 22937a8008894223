namespace VoxMake.Report.Card;

/// <summary>What the card of one family of voices says that those of others do not, and where its files lie beside the card. All texts are Markdown.</summary>
internal interface ICardFamily
{
    /// <summary>What the network is, in a few words.</summary>
    string Kind { get; }

    /// <summary>Words by which such voices are found on Hugging Face.</summary>
    IReadOnlyList<string> Tags { get; }

    /// <summary>Rows of the table of training that training.json does not have; not Markdown.</summary>
    IEnumerable<(string Name, string Value)> Trained { get; }

    /// <summary>How it was proven that this is the trained voice, paragraph by paragraph; nothing where nobody asked.</summary>
    IEnumerable<string> Proof { get; }

    /// <summary>How one speaks with it.</summary>
    string Use { get; }

    /// <summary>What it cannot do, a sentence or two each.</summary>
    IEnumerable<string> Limits { get; }

    /// <summary>Where an exported file lies beside the card.</summary>
    string PlaceOf(string exported);

    /// <summary>Small files that are written anew instead of being handed on, with their content: they name places, which are others here.</summary>
    IReadOnlyDictionary<string, string> Rewritten { get; }
}
