using System.Text.Json.Serialization.Metadata;
using VoxMake.Audio;
using VoxMake.Protocol;
using VoxMake.Speech.Clustering;
using VoxMake.Speech.Speakers;
using VoxMake.SpeechTool.Speakers;
using VoxMake.Tooling;

namespace VoxMake.SpeechTool.Clustering;

/// <summary>Settings of <c>diarize</c>. Those of clustering count only where no clusters are given.</summary>
internal sealed record DiarizeSettings(
    string Method = VoiceNetwork.Resemblyzer,
    string ClusteringMethod = "auto",
    int? MinSpeakers = null,
    int? MaxSpeakers = null,
    int? MinClusterSize = null,
    int? MinSamples = null,
    long Seed = 42,
    string Outliers = "nearest",
    double SampleSeconds = 10);

/// <summary><c>vox-speech diarize</c>: says who speaks which clip (docs/targets/diarize.md).</summary>
internal sealed class DiarizeVerb : CollectVerb<DiarizeSettings>
{
    private const string ClustersRole = "clusters", EditsRole = "edits";
    private const int TypicalNamed = 5;

    public override string Name => "diarize";
    public override string Summary => "says who speaks which clip; corrections and a few named clips steer it";
    public override JsonTypeInfo SettingsType => SettingsJson.Default.DiarizeSettings;

    public override IReadOnlyList<FileRole> FileRoles =>
    [
        new(ClustersRole, "what vox-speech cluster wrote (embeddings.npy, clusters.json); without it, clips are embedded and clustered first"),
        new(EditsRole, "CSV files of corrections: id,audio_sha256,field,old,new; rows of the field speaker count, later ones win"),
        VoiceNetwork.Files,
    ];

    public override string? Describe(string setting) => setting switch
    {
        "method" => VoiceNetwork.MethodHelp,
        "outliers" => "clips that are like none: nearest (they go to the nearest speaker) or leave_out (they have none); default nearest",
        "sample_seconds" => "about how long each cluster_samples/…_sample.wav is, 0 (none) to 600 s; default 10",
        _ => ClusterSettings.Describe(setting),
    };

    protected override void Run(DiarizeSettings settings, CollectOrder order, ICollectReporter report, CancellationToken cancel)
    {
        var outliers = settings.Outliers switch
        {
            "nearest" => Outliers.Nearest,
            "leave_out" => Outliers.LeaveOut,
            _ => throw new ToolException($"'{settings.Outliers}' is no choice, expected nearest or leave_out") { Field = "outliers" },
        };
        SettingRange.Within("sample_seconds", settings.SampleSeconds, 0, 600, "s");

        var clips = new SortedDictionary<string, Clip>(StringComparer.Ordinal);
        var edits = new SpeakerEdits(order.Files(EditsRole));
        foreach (var item in order.Items)
        {
            if (!item.Inputs.TryGetValue("audio", out var audio)) throw new ToolException($"the clip '{item.Id}' has no audio");
            var given = item.Columns["speaker_id"].Kind == ValueKind.Null ? null : item.Columns["speaker_id"].ToString();
            if (!clips.TryAdd(item.Id, new Clip(item, audio, string.IsNullOrWhiteSpace(given) ? null : given, edits.Of(item.Id, audio.Digest))))
                throw new ToolException($"the clip '{item.Id}' stands twice");
        }
        edits.Tell(report, clips.ContainsKey);

        var ready = order.Files(ClustersRole);
        var byHand = ready.Count == 0;
        var clusters = byHand ? Heard(settings, order, clips, report, cancel) : Given(ready);
        if (byHand) clusters.WriteEmbeddings(report);
        else report.Output(FoundClusters.EmbeddingsName, ready.First(file => Path.GetFileName(file.Name) == FoundClusters.EmbeddingsName));

        var rows = clusters.File.Clips;
        var unit = clusters.Embeddings.Unit();
        var assigned = SpeakerAssignment.Assign([.. rows.Select(row => new ClusteredClip(row.Id, row.Label, row.Probability, clips.GetValueOrDefault(row.Id)?.Named))], unit, outliers);
        foreach (var warning in clusters.File.Warnings.Concat(assigned.Warnings)) report.Warning(warning);

        var place = rows.Select((row, i) => (row.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i, StringComparer.Ordinal);
        var files = new SortedDictionary<string, SpeakerOfFile>(StringComparer.Ordinal);
        var unheard = 0;
        foreach (var (id, clip) in clips)
        {
            var at = place.TryGetValue(id, out var row) ? row : -1;
            if (at < 0) unheard++;
            var (speaker, probability) = at < 0 ? (clip.Named, clip.Named is null ? 0 : 1) : (assigned.Clips[at].Speaker, assigned.Clips[at].Probability);
            var source = speaker is null ? null : clip.Corrected is not null ? "corrected" : clip.Given is not null ? "given" : "diarized";
            files.Add(id, new SpeakerOfFile(speaker, probability, source));
            var columns = Columns.Of(
                ("speaker_id", speaker), ("speaker_source", source), ("speaker_probability", probability),
                ("x", at < 0 ? Value.Null : rows[at].X), ("y", at < 0 ? Value.Null : rows[at].Y));
            report.Item(id, byHand ? ItemResult.Ok(columns, report.Pass("audio", clip.Audio)) : ItemResult.Ok(columns));
        }
        if (unheard > 0) report.Warning($"{unheard} clips have no embedding, and no speaker but one that was given");

        var speakers = Samples(settings, clips, assigned, unit, files, report, cancel);
        File.WriteAllBytes(report.PathFor("speaker_ids.json"), new SpeakerIdsFile(files, speakers, [.. rows.Select(row => row.Id)], clusters.File.Method, clusters.File.Sure,
            [.. clusters.File.Warnings, .. assigned.Warnings]).Json());
        report.Output("speaker_ids.json");
        report.Metric("speakers", speakers.Count);
        report.Metric("sure", Math.Round(clusters.File.Sure, 3));
        report.Metric("corrected", files.Values.Count(file => file.Source == "corrected"));
        report.Metric("without_speaker", files.Values.Count(file => file.Speaker is null));
    }

    /// <summary>Embeds and clusters the clips themselves; those that cannot be heard are left out with a warning.</summary>
    private static FoundClusters Heard(DiarizeSettings settings, CollectOrder order, SortedDictionary<string, Clip> clips, ICollectReporter report, CancellationToken cancel)
    {
        var wanted = new ClusterSettings(settings.ClusteringMethod, settings.MinSpeakers, settings.MaxSpeakers, settings.MinClusterSize, settings.MinSamples, settings.Seed).Checked();
        using var network = VoiceNetwork.Load(settings.Method, order.Files(VoiceNetwork.Role));
        var embeddings = new Embeddings();
        long done = 0;
        Parallel.ForEach(clips, new ParallelOptions { MaxDegreeOfParallelism = order.Threads, CancellationToken = cancel }, pair =>
        {
            try
            {
                var heard = HeardClip.ReadVoice(pair.Value.Item);
                var vector = network.Embed(heard.Sound, heard.Speech ?? []).Vector;
                lock (embeddings) embeddings.Add(pair.Key, vector);
            }
            catch (UnusableItemException unusable)
            {
                lock (embeddings) report.Warning($"not heard ({unusable.Reason}): {unusable.Message}", pair.Key);
            }
            report.Progress(Interlocked.Increment(ref done), clips.Count, "clips");
        });
        return ClusterVerb.Found(embeddings, wanted, order.Threads, cancel);
    }

    /// <exception cref="ToolException">The files are not what cluster writes, or not of one run.</exception>
    private static FoundClusters Given(IReadOnlyList<InputFile> files)
    {
        InputFile Named(string name) => files.FirstOrDefault(file => Path.GetFileName(file.Name) == name)
            ?? throw new ToolException($"there is no {name} among the clusters") { Field = ClustersRole, Try = "give the folder that vox-speech cluster wrote" };
        var (json, npy) = (Named(FoundClusters.ClustersName), Named(FoundClusters.EmbeddingsName));
        try
        {
            var file = ClustersFile.Read(json.Path);
            var (values, rows, width) = NpyFile.Read(npy.Path);
            if (rows != file.Clips.Count) throw new ToolException($"{rows} embeddings for {file.Clips.Count} clips of {json.Name}: are they of one run?") { File = npy.Path };
            var embeddings = new Embeddings();
            for (var i = 0; i < rows; i++) embeddings.Add(file.Clips[i].Id, values[(i * width)..((i + 1) * width)]);
            if (!embeddings.Ids.SequenceEqual(file.Clips.Select(clip => clip.Id))) throw new ToolException("the clips are not in the order of their ids") { File = json.Path };
            return new FoundClusters(embeddings, file);
        }
        catch (InvalidDataException error) { throw new ToolException(error.Message) { File = error.Message.Contains(npy.Path, StringComparison.Ordinal) ? npy.Path : json.Path }; }
    }

    /// <summary>Writes each speaker's most typical clips, and says which they are.</summary>
    private static SortedDictionary<string, SpeakerOfAll> Samples(
        DiarizeSettings settings, SortedDictionary<string, Clip> clips, AssignedSpeakers assigned, Points unit, SortedDictionary<string, SpeakerOfFile> files, ICollectReporter report,
            CancellationToken cancel)
    {
        var typical = TypicalClips.Of(assigned.Clips, unit);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var speakers = new SortedDictionary<string, SpeakerOfAll>(StringComparer.Ordinal);
        foreach (var speaker in files.Values.Select(file => file.Speaker).OfType<string>().CountBy(name => name).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            var known = (typical.GetValueOrDefault(speaker.Key) ?? []).Select(i => assigned.Clips[i].Id).Where(clips.ContainsKey).ToList();
            var joined = new JoinedClips(settings.SampleSeconds);
            foreach (var id in known)
            {
                if (joined.Full) break;
                try { joined.Add(clips[id].Audio.Path); }
                catch (AudioFormatException broken) { report.Warning($"left out of the sample of {speaker.Key}: {broken.Message}", id); }
            }
            string? name = null;
            if (joined.Wav() is { } wav)
            {
                name = $"cluster_samples/{FileName(speaker.Key, taken)}_sample.wav";
                File.WriteAllBytes(report.PathFor(name), wav);
                report.Output(name);
            }
            speakers.Add(speaker.Key, new SpeakerOfAll(speaker.Value, name, [.. known.Take(TypicalNamed)]));
        }
        return speakers;
    }

    /// <summary>A name as part of a file's name: what else than letters, digits, - and _ becomes _; the second of a name gets a number.</summary>
    private static string FileName(string speaker, HashSet<string> taken)
    {
        var safe = string.Concat(speaker.Take(80).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        var name = safe;
        for (var number = 2; !taken.Add(name); number++) name = $"{safe}_{number}";
        return name;
    }

    private sealed record Clip(WorkItem Item, InputFile Audio, string? Given, string? Corrected)
    {
        public string? Named => Corrected ?? Given;
    }
}
