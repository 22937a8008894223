using System.Text.Json.Serialization.Metadata;
using VoxMake.Protocol;
using VoxMake.Text.Romanization;
using VoxMake.Tooling;

namespace VoxMake.TextTool;

/// <summary>Settings of <c>vox-text romanize</c>.</summary>
internal sealed record RomanizeSettings(string Transforms = Romanizer.Latin);

/// <summary><c>vox-text romanize</c>: any script in Latin letters, by ICU.</summary>
internal sealed class RomanizeVerb : TextVerb<RomanizeSettings, Romanizer>
{
    public override string Name => "romanize";
    public override string Summary => "writes texts of any script in Latin letters (ICU)";
    public override JsonTypeInfo SettingsType => TextJson.Default.RomanizeSettings;

    public override string? Describe(string setting) => setting == "transforms" ? "names of ICU's transliterators; default Any-Latin; \"Any-Latin; Latin-ASCII\" takes the marks away too" : null;

    protected override Romanizer Load(RomanizeSettings settings, Func<string, IReadOnlyList<InputFile>> files)
    {
        try { return new Romanizer(settings.Transforms); }
        catch (RomanizerException error) { throw new ToolException(error.Message) { Field = Romanizer.IsInstalled ? "transforms" : null, Try = error.Try }; }
    }

    protected override ItemResult Process(Romanizer shared, WorkItem item, IOutputFolder output)
    {
        var text = TextItem.Read(item);
        return TextItem.Changed(item, text, shared.Romanize(text).Trim(), output);
    }
}
