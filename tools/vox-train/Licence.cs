namespace VoxMake.TrainTool;

/// <summary>What may be done with a voice, as far as the licences of what it was made from say. No legal advice: what is not known, or cannot be, is said plainly.</summary>
/// <param name="Id">As the Hugging Face hub spells it, such as <c>cc-by-nc-4.0</c>; <c>unknown</c> where a licence is missing or not known, or where two cannot both be kept.</param>
/// <param name="Sentence">The same for people, with the reason.</param>
public sealed record Licence(string Id, string Sentence)
{
    private const string Unknown = "unknown", Recordings = "the recordings", BaseModel = "the base model";

    /// <summary>What a licence asks for; a later one asks for more.</summary>
    private enum Terms { Nothing, Attribution, Llama, ShareAlike, NonCommercial, NonCommercialShareAlike, NoDerivatives, NotKnown }

    private sealed record Source(string Of, string Name)
    {
        public string Id { get; } = Spelled(Name);
        public Terms Terms { get; } = TermsOf(Spelled(Name));
        public override string ToString() => $"{Name} ({Of})";

        /// <summary>Whether a voice that must be under this licence may have taken in something under another.</summary>
        public bool Allows(Source other) => Terms switch
        {
            Terms.Llama => other.Terms is Terms.Nothing or Terms.Attribution || other.Id == Id, // it is passed on with its own text
            Terms.ShareAlike => other.Terms is Terms.Nothing or Terms.Attribution || other.Family == Family,
            Terms.NonCommercialShareAlike => other.Terms is Terms.Nothing or Terms.Attribution or Terms.NonCommercial || other.Family == Family,
            _ => true,
        };

        /// <summary>The licence without its version: later versions may be chosen.</summary>
        private string Family => Id.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
    }

    /// <summary>The licence of a voice: the strictest of its sources'.</summary>
    /// <param name="data">Licences of the recordings, each once; null among them where some have none. Empty: nothing is known of them.</param>
    /// <param name="hasBase">Whether it was trained on from another model.</param>
    /// <param name="baseLicence">That model's licence; null where it says none.</param>
    public static Licence Of(IReadOnlyCollection<string?> data, bool hasBase, string? baseLicence)
    {
        var named = data.OfType<string>().Where(name => name.Trim().Length > 0).Distinct().Order(StringComparer.Ordinal).Select(name => new Source(Recordings, name)).ToList();
        var silent = new List<string>();
        if (data.Count == 0 || data.Any(string.IsNullOrWhiteSpace)) silent.Add(named.Count > 0 ? $"some of {Recordings}" : Recordings);
        if (hasBase && string.IsNullOrWhiteSpace(baseLicence)) silent.Add(BaseModel);
        else if (hasBase) named.Add(new Source(BaseModel, baseLicence!));

        if (silent.Count > 0)
            return new Licence(Unknown, $"No licence is known of {string.Join(" and ", silent)}{(named.Count > 0 ? $"; known are {string.Join(", ", named)}" : "")}. Settle that before this voice is passed on or used.");
        if (named.FirstOrDefault(source => source.Terms == Terms.NotKnown) is { } strange)
            return new Licence(Unknown, $"{strange} is no licence that VoxMake knows. Read it before this voice is passed on or used; all are {string.Join(", ", named)}.");
        if (named.FirstOrDefault(source => source.Terms == Terms.NoDerivatives) is { } rigid)
            return new Licence(Unknown, $"{rigid} does not allow changed versions to be passed on, and a voice trained on it is one. Keep it to yourself.");
        foreach (var strict in named)
            if (named.FirstOrDefault(other => !strict.Allows(other)) is { } other)
                return new Licence(Unknown, $"{strict} and {other} are in conflict: the first wants this voice under its own terms, which the second does not allow. Do not pass it on.");

        var strictest = named.OrderByDescending(source => source.Terms).ThenByDescending(source => source.Id, StringComparer.Ordinal).First();
        var why = named.Count == 1 ? $"that of {strictest.Of}" : named.All(source => source.Id == strictest.Id) ? $"that of {Recordings} and of {BaseModel}" : $"the strictest of {string.Join(", ", named)}";
        return new Licence(strictest.Id, $"{strictest.Name}: {why}. {Meaning(strictest.Terms)}");
    }

    private static string Meaning(Terms terms) => terms switch
    {
        Terms.Nothing => "It asks for nothing.",
        Terms.Attribution => "Name the authors.",
        Terms.Llama => "Show \"Built with Llama\", let the voice's published name begin with Llama, pass the licence's text and notice on with it, and keep to its acceptable use policy.",
        Terms.ShareAlike => "Name the authors, and pass it on under the same licence only.",
        Terms.NonCommercial => "It must not be used commercially; name the authors.",
        _ => "It must not be used commercially, and is passed on under the same licence only; name the authors.",
    };

    private static Terms TermsOf(string id)
    {
        bool Is(string start) => id.StartsWith(start, StringComparison.Ordinal);
        if (id is "cc0-1.0" or "pddl" or "unlicense") return Terms.Nothing;
        if (id is "mit" or "apache-2.0" or "bsd-2-clause" or "bsd-3-clause" or "isc") return Terms.Attribution;
        if (id is "llama3.1" or "llama3.2" or "llama3.3") return Terms.Llama; // section 1.b of each
        if (Is("cc-by-nd") || Is("cc-by-nc-nd")) return Terms.NoDerivatives;
        if (Is("cc-by-nc-sa")) return Terms.NonCommercialShareAlike;
        if (Is("cc-by-nc")) return Terms.NonCommercial;
        if (Is("cc-by-sa") || Is("gpl-") || Is("agpl-")) return Terms.ShareAlike;
        return Is("cc-by-") && char.IsAsciiDigit(id[^1]) ? Terms.Attribution : Terms.NotKnown;
    }

    /// <summary>As the hub spells it: lower case, hyphens.</summary>
    private static string Spelled(string name) => string.Join('-', name.ToLowerInvariant().Split([' ', '_', '-'], StringSplitOptions.RemoveEmptyEntries)) switch
    {
        "cc0" or "cc-0" or "public-domain" => "cc0-1.0",
        var id => id,
    };
}
