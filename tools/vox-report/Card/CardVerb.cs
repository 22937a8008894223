using System.Text;
using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Report.Page;
using VoxMake.Report.Voice;
using VoxMake.Tooling;

namespace VoxMake.Report.Card;

/// <summary><c>vox-report card</c>: a Hugging Face model card, and beside it the exported voice as it is.</summary>
public sealed class CardVerb : CollectVerb<CardSettings>
{
    /// <summary>The card's name; Export's own file of this name gives way to it.</summary>
    public const string FileName = "README.md";

    private const string Exported = "exported", Trained = "trained", Evaluated = "evaluated", Data = "data", Validated = "validated", Page = "page";

    public override string Name => "card";
    public override string Summary => "writes README.md, a Hugging Face model card, beside the exported voice";
    public override string InputHelp => "the folder of an exported voice";
    public override string InputRole => Exported;
    public override JsonTypeInfo SettingsType => CardSettingsJson.Default.CardSettings;
    public override bool Accepts(string relativePath) => true;
    public override string IdOf(string relativePath) => relativePath;

    public override IReadOnlyList<FileRole> FileRoles =>
    [
        new(Exported, "files of Export; those in INPUT need not be named"),
        new(Trained, "training.json, validation.csv, metrics.csv, spoken.csv and spoken sentences of Train"),
        new(Evaluated, "metrics.json of Evaluate"),
        new(Data, "statistics.json of Dataset"),
        new(Validated, "validation.json of Validate"),
        new(Page, "report.html of Report, handed on with the voice"),
    ];

    public override string? Describe(string setting) => setting switch
    {
        "voice" => "the voice's name",
        "language" => "the language's code, such as de; without it, what the data says",
        "language_name" => "the language's English name",
        "base_model" => "what the base model is called on Hugging Face, OWNER/NAME; without it, what training.json calls it where that is such a name",
        "licence" => "the voice's licence, such as CC0-1.0; without it, that of the data",
        _ => null,
    };

    protected override void Run(CardSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        if (settings.Voice.Trim() == "") throw new ToolException("a voice needs a name") { Field = "voice" };
        List<InputFile> exported = [.. order.Files(Exported).Concat(order.Items.SelectMany(item => item.Inputs.Values)).Where(file => file.Name != FileName).OrderBy(file => file.Name, StringComparer.Ordinal)];
        if (exported.Count == 0) throw new ToolException("there is no exported voice") { Field = Exported, Try = "build Export first" };
        if (settings.BaseModel is { } id && !HubName.Is(id)) throw new ToolException($"'{id}' is no name on Hugging Face, expected OWNER/NAME") { Field = "base_model" };
        var trained = new TrainedFiles(order.Files(Trained));
        var model = VoiceSurvey.Of([], trained, new TrainedFiles(order.Files(Evaluated)), new PageSettings(), cancel);
        var spoken = trained.Read("spoken.csv", path => SpokenSentence.Read(path, trained)) ?? [];
        List<(string Name, string? Text, InputFile File)> samples = [.. spoken
            .Where(sentence => sentence.Step == model.Training?.BestStep && sentence.Sound is not null)
            .Select(sentence => ($"samples/{Path.GetFileName(sentence.Sound!.Name)}", (string?)sentence.Text, sentence.Sound))];

        var files = new CardFiles(new TrainedFiles(exported), new TrainedFiles(order.Files(Validated)), new TrainedFiles(order.Files(Data)).Read("statistics.json", DatasetFigures.Read));
        var family = files.Family();
        var card = new ModelCard(settings, family, model, files.Data, [.. samples.Select(sample => (sample.Name, sample.Text))], files.Story);
        report.Write(FileName, file => file.Write(Encoding.UTF8.GetBytes(card.Text())));
        foreach (var (name, content) in family.Rewritten) report.Write(name, file => file.Write(Encoding.UTF8.GetBytes(content)));
        HashSet<string> taken = [FileName, .. family.Rewritten.Keys];
        foreach (var file in exported)
        {
            var place = Beside(family.PlaceOf(file.Name));
            if (family.Rewritten.ContainsKey(place) || place == FileName) continue;
            if (!taken.Add(place)) throw new ToolException($"two files of the voice would both be {place}") { File = file.Name, Try = "build Export again" };
            report.Output(place, file);
        }
        foreach (var (name, _, file) in samples) report.Output(Beside(name), file);
        foreach (var file in order.Files(Page)) report.Output(Beside(file.Name), file);
    }

    /// <summary>A name that stays inside the card's folder.</summary>
    private static string Beside(string name) =>
        Path.IsPathRooted(name) || name.Split('/', '\\').Any(part => part is ".." or "." or "") ? throw new ToolException($"'{name}' is no name of a file of a voice") { Field = Exported } : name;
}
