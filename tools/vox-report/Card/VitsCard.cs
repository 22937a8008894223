namespace VoxMake.Report.Card;

/// <summary>A voice that transformers speaks with by itself.</summary>
/// <param name="Speakers">How many it has.</param>
/// <param name="TellsSpeakers">Whether speakers.json is beside the card.</param>
/// <param name="Validated">Null where nobody asked.</param>
internal sealed record VitsCard(int Speakers, bool TellsSpeakers, VitsProof? Validated) : ICardFamily
{
    public static VitsCard Of(CardFiles files) => new(files.Data?.Speakers?.Count ?? 1, files.Exported.Find("speakers.json") is not null, files.Validated.Read("validation.json", VitsProof.Read));

    public string Kind => "VITS";
    public IReadOnlyList<string> Tags => ["vits"];
    public IEnumerable<(string Name, string Value)> Trained => [];
    public IEnumerable<string> Proof => Validated is null ? [] : [Validated.Sentence];
    public IReadOnlyDictionary<string, string> Rewritten { get; } = new Dictionary<string, string>();
    public string PlaceOf(string exported) => exported;

    public string Use => $"""
        ```python
        import scipy.io.wavfile
        import torch
        from transformers import AutoTokenizer, VitsModel

        folder = "."  # where these files are, or the name of the repository
        model = VitsModel.from_pretrained(folder)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        inputs = tokenizer("The text to say.", return_tensors="pt")
        torch.manual_seed(1)  # the same seed says it the same way again
        with torch.no_grad():
            waveform = model(**inputs{(Speakers > 1 ? ", speaker_id=0" : "")}).waveform[0]
        scipy.io.wavfile.write("speech.wav", rate=model.config.sampling_rate, data=waveform.numpy())
        ```
        {(Speakers > 1 && TellsSpeakers ? "\n`speakers.json` tells which `speaker_id` is who.\n" : "")}
        """;

    public IEnumerable<string> Limits =>
    [
        "It says only the characters of its vocabulary (`vocab.json`); others are passed over in silence. Numbers and abbreviations must be written out.",
        "It knows one language and the manner of its recordings; other languages, names and moods come out badly.",
    ];
}
