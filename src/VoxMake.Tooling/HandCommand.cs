using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;
using VoxMake.Protocol;

namespace VoxMake.Tooling;

/// <summary>
/// A verb as a person types it: <c>vox-audio preprocess in/ out/ --sample-rate 16000</c>, or <c>vox-speech transcribe a.wav b.wav --json</c> where it prints. Options come from the
/// settings' own names and types.
/// </summary>
internal sealed class HandCommand
{
    private readonly Verb _verb;
    private readonly Argument<string?> _input;
    private readonly Argument<string?> _output = new("OUTPUT") { Description = "the folder to write to", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string[]> _inputs;
    private readonly Option<string?> _folder = new("--output") { Description = "a folder to write to instead of printing", HelpName = "DIR" };
    private readonly Option<string[]>? _typed;
    private readonly List<(string Setting, Type Type, Option<string?> Option)> _settings = [];
    private readonly List<(FileRole Role, Option<string[]> Option)> _files = [];
    private readonly Option<string?> _state = new("--state") { Description = "a folder for checkpoints; what a stopped run left in it is gone on from", HelpName = "DIR" };

    public HandCommand(Verb verb, Command command)
    {
        _verb = verb;
        _input = new("INPUT") { Description = verb.InputHelp, Arity = ArgumentArity.ZeroOrOne };
        _inputs = new("INPUT") { Description = verb.InputHelp, Arity = ArgumentArity.ZeroOrMore };
        if (verb.Prints is { } print)
        {
            command.Arguments.Add(_inputs);
            command.Options.Add(_folder);
            if (print.Typed is { } typed) command.Options.Add(_typed = new("--" + Kebab(typed)) { Description = "an item that is typed here; may stand several times", HelpName = "TEXT" });
        }
        else
        {
            if (verb.TakesItems) command.Arguments.Add(_input);
            command.Arguments.Add(_output);
        }
        if (verb.KeepsState) command.Options.Add(_state);
        foreach (var role in verb.FileRoles)
        {
            var option = new Option<string[]>("--" + Kebab(role.Name)) { Description = role.Description, HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
            _files.Add((role, option));
            command.Options.Add(option);
        }
        foreach (var property in verb.SettingsType.Properties)
        {
            var option = new Option<string?>("--" + Kebab(property.Name))
            {
                Description = verb.Describe(property.Name),
                HelpName = TypeName(property.PropertyType),
            };
            _settings.Add((property.Name, property.PropertyType, option));
            command.Options.Add(option);
        }
    }

    /// <summary>Whether the results are printed, and no folder is written.</summary>
    public bool Prints(ParseResult parsed) => _verb.Prints is not null && parsed.GetValue(_folder) is null;

    /// <summary>The order that the command line means. Where results are printed it writes to a temporary folder, which is the caller's to remove.</summary>
    public LoadedOrder Order(ParseResult parsed, int threads)
    {
        var settings = new JsonObject();
        foreach (var (name, type, option) in _settings)
            if (parsed.GetValue(option) is { } text) settings[name] = Node(text, type, option.Name);

        var files = new Dictionary<string, IReadOnlyList<InputFile>>();
        var (items, output) = _verb.Prints is { } print ? Printed(parsed, print) : Written(parsed);
        foreach (var (role, option) in _files)
        {
            var paths = parsed.GetValue(option) ?? [];
            if (role.Required && paths.Length == 0) throw new ToolException($"{_verb.Name} needs {option.Name} FILE: {role.Description}") { Field = option.Name };
            files[role.Name] = [.. paths.SelectMany(FilesOf)];
        }
        var folder = output is null ? Directory.CreateTempSubdirectory("vox-").FullName : Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        return LoadedOrder.ByHand(JsonSerializer.SerializeToElement(settings, HandJson.Default.JsonObject), items, files, folder, StateFolder(parsed), threads);
    }

    private (Func<IEnumerable<WorkItem>> Items, string Output) Written(ParseResult parsed)
    {
        var input = _verb.TakesItems ? parsed.GetValue(_input) : null;
        var output = parsed.GetValue(_output);
        if ((input is null && _verb.TakesItems) || output is null) throw new ToolException($"{_verb.Name} needs {(_verb.TakesItems ? "INPUT and OUTPUT" : "OUTPUT")}, or --order FILE")
            { Try = $"{_verb.Name} --help lists the options" };
        MustExist(input);
        return (() => input is null ? [] : Items(input), output);
    }

    private (Func<IEnumerable<WorkItem>> Items, string? Output) Printed(ParseResult parsed, Printing print)
    {
        var (inputs, output) = (parsed.GetValue(_inputs) ?? [], parsed.GetValue(_folder));
        var typed = _typed is null ? [] : parsed.GetValue(_typed) ?? [];
        if (inputs.Length + typed.Length == 0)
            throw new ToolException($"{_verb.Name} needs an INPUT{(_typed is null ? "" : $", or {_typed.Name} TEXT")}, or --order FILE") { Try = $"{_verb.Name} --help lists the options" };
        foreach (var input in inputs) MustExist(input);
        var items = typed.Select((text, i) => new WorkItem(typed.Length == 1 ? print.Typed! : $"{print.Typed}-{i + 1}", new Dictionary<string, InputFile>(), Columns.Of((print.Typed!, text))))
            .Concat(inputs.SelectMany(input => Items(input).Select(item => output is null ? AsTyped(item, input) : item))).ToList();
        if (items.GroupBy(item => item.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twins)
            throw new ToolException($"two inputs are both called '{twins.Key}'") { Try = "give one of them another name, or name it in a run of its own" };
        return (() => items, output);
    }

    /// <summary>What is printed is named as the person named it, so that two folders may hold the same names.</summary>
    private static WorkItem AsTyped(WorkItem item, string input) => item with
    {
        Id = Directory.Exists(input) ? Path.Combine(input, item.Inputs.Values.FirstOrDefault()?.Name ?? item.Id) : item.Inputs.Count == 0
            || Path.GetFullPath(input) != item.Inputs.Values.First().Path ? item.Id : input,
    };

    private static void MustExist(string? input)
    {
        if (input is not null && !Directory.Exists(input) && !File.Exists(input)) throw new ToolException("there is no such file or folder") { File = input };
    }

    private string? StateFolder(ParseResult parsed)
    {
        if (!_verb.KeepsState || parsed.GetValue(_state) is not { } folder) return null;
        return Directory.CreateDirectory(folder).FullName;
    }

    private IEnumerable<WorkItem> Items(string input)
    {
        if (Directory.Exists(input))
        {
            var table = Path.Combine(input, "metadata.csv");
            return _verb.FileRoles.Count == 0 && File.Exists(table) ? TableItems(table) : FolderItems(input);
        }
        return Path.GetExtension(input).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? TableItems(input) : [ItemOf(input, Path.GetFileName(input), Columns.Empty)];
    }

    private IEnumerable<WorkItem> FolderItems(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true })
            .Select(path => Path.GetRelativePath(folder, path))
            .Where(_verb.Accepts)
            .Order(StringComparer.Ordinal)
            .Select(name => ItemOf(Path.Combine(folder, name), name, Columns.Empty));

    /// <summary>Rows of a metadata.csv as Hugging Face's audiofolder and our own views have it: file_name, then any columns.</summary>
    private IEnumerable<WorkItem> TableItems(string table)
    {
        using var csv = new CsvReader(new StreamReader(table), new CsvConfiguration(CultureInfo.InvariantCulture));
        csv.Read();
        csv.ReadHeader();
        var names = csv.HeaderRecord!;
        if (!names.Contains("file_name")) throw new ToolException("the first line names no column 'file_name'") { File = table };
        while (csv.Read())
        {
            var name = csv.GetField("file_name")!;
            var columns = Columns.Of(names.Where(n => n is not ("file_name" or "id")).Select(n => new KeyValuePair<string, Value>(n, ValueOf(csv.GetField(n)!))));
            if (name == "") yield return new WorkItem(csv.GetField("id")!, new Dictionary<string, InputFile>(), columns);
            else yield return ItemOf(Path.Combine(Path.GetDirectoryName(table)!, name), name, columns);
        }
    }

    private WorkItem ItemOf(string path, string name, Columns columns) =>
        new(_verb.IdOf(name), new Dictionary<string, InputFile> { [_verb.InputRole] = FileOf(path, name) }, columns);

    /// <summary>The file of a path, or all files of a folder in the order of their names.</summary>
    private static IEnumerable<InputFile> FilesOf(string path) =>
        !Directory.Exists(path) ? [FileOf(path, Path.GetFileName(path))]
        : Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true })
            .Select(file => Path.GetRelativePath(path, file))
            .Where(name => !name.Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
            .Order(StringComparer.Ordinal)
            .Select(name => FileOf(Path.Combine(path, name), name));

    private static InputFile FileOf(string path, string name)
    {
        if (!File.Exists(path)) throw new ToolException("there is no such file") { File = path };
        return new InputFile(name, Path.GetFullPath(path), Digest.OfFile(path), new FileInfo(path).Length);
    }

    private static Value ValueOf(string text) =>
        text == "" ? Value.Null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole.ToString(CultureInfo.InvariantCulture) == text ? whole
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && ((Value)real).ToString() == text ? real
        : text is "true" or "false" ? text == "true"
        : text;

    private static JsonNode? Node(string text, Type type, string option)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return JsonValue.Create(text);
        if (type == typeof(bool)) return bool.TryParse(text, out var flag) ? JsonValue.Create(flag) : throw Wrong("true or false");
        if (type == typeof(int) || type == typeof(long)) return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
            : throw Wrong("a whole number");
        if (type == typeof(double)) return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? JsonValue.Create(real) : throw Wrong("a number");
        try { return JsonNode.Parse(text); }
        catch (JsonException) { throw Wrong("JSON, such as [5, 30]"); }

        ToolException Wrong(string expected) => new($"'{text}' is not {expected}") { Field = option };
    }

    private static string TypeName(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? "TEXT" : type == typeof(bool) ? "true|false" : type == typeof(int) || type == typeof(long) ? "N" : type == typeof(double) ? "NUMBER" : "JSON";
    }

    private static string Kebab(string name) => name.Replace('_', '-');
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
[System.Text.Json.Serialization.JsonSerializable(typeof(Value))]
internal sealed partial class HandJson : System.Text.Json.Serialization.JsonSerializerContext;
